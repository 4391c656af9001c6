import type { Bounds, PixelBuffer, PixelData, PixelFormat } from '@emoeditor/shared';
import { ditherThreshold } from '../../../compositor/tile/samples.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import { onCurve } from './curves.ts';
import { type DocumentLight, documentLight } from './documentLight.ts';
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
  const { width, channels } = format;
  const document = documentLight(format.profile);
  const tones = tonesFor(document);
  const [r0, g0, b0] = before;
  const [r1, g1, b1] = after;
  const old = new Float64Array(3);
  const now = new Float64Array(3);
  for (let i = 0; i < r0.length; i++) {
    const at = i * channels;
    old[0] = r0[i] as number;
    old[1] = g0[i] as number;
    old[2] = b0[i] as number;
    now[0] = r1[i] as number;
    now[1] = g1[i] as number;
    now[2] = b1[i] as number;
    const changed = old[0] !== now[0] || old[1] !== now[1] || old[2] !== now[2];
    const shown = changed && (channels === 3 || data[at + 3] !== 0);
    if (shown) tones(old, now);
    const [x, y] = shown ? [left + (i % width), top + Math.floor(i / width)] : [0, 0];
    for (let k = 0; k < 3; k++) {
      const value = data[at + k] as number;
      out[at + k] =
        shown && old[k] !== now[k] ? quantised(now[k] as number, value, format, x, y, k) : value;
    }
    if (channels === 4) out[at + 3] = data[at + 3] as number;
  }
}

/** Makes of `now` the tone to be written; a channel that stays as it is has `now` equal to `old`. */
type Tones = (old: Float64Array, now: Float64Array) => void;

function tonesFor({ encoding, fromSrgb }: DocumentLight): Tones {
  if (fromSrgb === null) {
    return (old, now) => {
      for (let k = 0; k < 3; k++) {
        const from = old[k] as number;
        const to = now[k] as number;
        if (from !== to) now[k] = onCurve(encoding, shouldered(from, to));
      }
    };
  }
  const [a, b, c, d, e, f, g, h, j] = fromSrgb;
  const bent = new Float64Array(3);
  // In the document's own primaries: changes of one of sRGB's channels touch all of them.
  return (old, now) => {
    for (let k = 0; k < 3; k++) {
      const from = old[k] as number;
      const to = now[k] as number;
      bent[k] = from === to ? from : shouldered(from, to);
    }
    const [r, gr, bl] = bent as unknown as [number, number, number];
    old.fill(-1);
    now[0] = onCurve(encoding, a * r + b * gr + c * bl);
    now[1] = onCurve(encoding, d * r + e * gr + f * bl);
    now[2] = onCurve(encoding, g * r + h * gr + j * bl);
  };
}

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
  // What lies outside of what was drawn on (a float document's highlights) stays on top of the change.
  return tone + value - Math.min(1, Math.max(0, value));
}
