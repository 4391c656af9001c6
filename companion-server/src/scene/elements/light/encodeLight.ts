import type { Bounds, PixelBuffer, PixelData, PixelFormat } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import { ditherThreshold } from '../../../compositor/tile/samples.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import { type Curve, onCurve } from './curves.ts';
import { documentLight } from './documentLight.ts';
import type { Matrix } from './matrix.ts';
import { shouldered } from './shoulder.ts';

/**
 * Writes what elements made of a tile. A sample whose light did not change keeps its value; so do alpha and what lies
 * under alpha 0. 8 bits are dithered by their place in the document, 16 are rounded.
 * @param under the tile that was drawn on
 * @param before its light
 * @param after the light with the elements, linear, from 0 on and without an upper end
 * @param out as long as the tile; it may be the tile itself
 */
export function encodeLight(
  { format, data }: PixelBuffer,
  { left, top }: Bounds,
  before: LightPlanes,
  after: LightPlanes,
  out: PixelData,
): void {
  const document = documentLight(format.profile);
  if (document.fromSrgb !== null) {
    encodeWide({ format, data }, { left, top }, before, after, out, document.fromSrgb);
    return;
  }
  for (let k = 0; k < 3; k++) {
    const planes = [before[k], after[k]] as [Plane, Plane];
    encodeChannel({ format, data }, k, left, top, ...planes, document.encoding, out);
  }
  if (format.channels === 4) copyAlpha(data, out);
}

function encodeChannel(
  { format, data }: PixelBuffer,
  k: number,
  left: number,
  top: number,
  before: Plane,
  after: Plane,
  encoding: Curve,
  out: PixelData,
): void {
  const { width, channels, range, sample } = format;
  const isByte = sample === 'uint8';
  for (let i = 0, at = k, x = 0, y = top; i < before.length; i++, at += channels) {
    const value = data[at] as number;
    const light = after[i] as number;
    const old = before[i] as number;
    if (light === old || (channels === 4 && data[at - k + 3] === 0)) out[at] = value;
    else {
      const tone = onCurve(encoding, shouldered(old, light));
      out[at] = isByte
        ? Math.min(range, tone * range) + ditherThreshold(left + x, y, k)
        : quantised(tone, value, format, left + x, y, k);
    }
    if (++x === width) {
      x = 0;
      y++;
    }
  }
}

function copyAlpha(data: PixelData, out: PixelData): void {
  for (let at = 3; at < data.length; at += 4) out[at] = data[at] as number;
}

/** The same for a document with other primaries: a change of one of sRGB's channels touches all of its own. */
function encodeWide(
  { format, data }: PixelBuffer,
  { left, top }: Pick<Bounds, 'left' | 'top'>,
  before: LightPlanes,
  after: LightPlanes,
  out: PixelData,
  matrix: Matrix,
): void {
  const { width, channels } = format;
  const { encoding } = documentLight(format.profile);
  const [r0, g0, b0] = before;
  const [r1, g1, b1] = after;
  for (let i = 0; i < r0.length; i++) {
    const at = i * channels;
    const r = bent(r0[i] as number, r1[i] as number);
    const g = bent(g0[i] as number, g1[i] as number);
    const b = bent(b0[i] as number, b1[i] as number);
    const isChanged = r !== r0[i] || g !== g0[i] || b !== b0[i];
    const isShown = isChanged && (channels === 3 || data[at + 3] !== 0);
    const [x, y] = isShown ? [left + (i % width), top + Math.floor(i / width)] : [0, 0];
    for (let k = 0; k < 3; k++) {
      const value = data[at + k] as number;
      const row = 3 * k;
      const light =
        (matrix[row] as number) * r +
        (matrix[row + 1] as number) * g +
        (matrix[row + 2] as number) * b;
      out[at + k] = isShown ? quantised(onCurve(encoding, light), value, format, x, y, k) : value;
    }
  }
  if (channels === 4) copyAlpha(data, out);
}

const bent = (before: number, after: number) =>
  before === after ? before : shouldered(before, after);

/** To the sample's own type, inside the range unless the sample was outside of it. */
function quantised(
  tone: number,
  value: number,
  { sample, range }: PixelFormat,
  x: number,
  y: number,
  channel: number,
): number {
  if (sample === 'uint8')
    return Math.floor(Math.min(range, tone * range) + ditherThreshold(x, y, channel));
  if (sample === 'uint16') return Math.floor(Math.min(range, tone * range) + 0.5);
  // What lies outside the drawn range (a float document's highlights) is added back to the changed value.
  return tone + value - Math.min(1, Math.max(0, value));
}
