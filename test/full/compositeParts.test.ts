import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import {
  compositorOf,
  createCompositor,
  referenceCompositorOf,
} from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { PixelBuffer, PixelFormat } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  documentOf,
  landscape,
  tinted,
  WHOLE,
  withDisc,
  workingEdit,
} from '../unit/companion-server/compositor/scenes.ts';

const night = tinted(landscape, [0.5, 0.6, 0.8], [0, 0, 0.03]);
const moonlit = workingEdit(landscape, withDisc(night, [0.3, 0.2], 0.08, [1, 0.95, 0.7]));

/** The upper layer over the lower one where it has alpha, as Photoshop shows a clipped layer. */
function stacked(lower: PixelBuffer, upper: PixelBuffer): PixelBuffer['data'] {
  const { channels } = lower.format;
  const out = lower.data.slice();
  for (let i = 0; i < upper.data.length / 4; i++) {
    if (upper.data[i * 4 + 3] === 0) continue;
    for (let k = 0; k < 3; k++) out[i * channels + k] = upper.data[i * 4 + k]!;
  }
  return out;
}

function bytes(data: PixelBuffer['data']): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

const FORMATS: Partial<PixelFormat>[] = [
  { sample: 'uint8', range: 255, channels: 3 },
  { sample: 'uint8', range: 255, channels: 4 },
  { sample: 'uint16', range: 32768, channels: 4 },
  { sample: 'float32', range: 1, channels: 3 },
];

describe.each([
  ['the kernel', compositorOf],
  ['the reference', referenceCompositorOf],
] as const)('grade and content as layers of their own, by %s', (_, make) => {
  const compositor = make(fitEdit(moonlit));

  it.each(FORMATS)('are together the whole, to the last bit ($sample × $channels)', (format) => {
    const page = documentOf(landscape, format);
    for (const intensity of [0.6, 1.5]) {
      const all = compositor.apply(page, WHOLE, { intensity });
      const grade = compositor.apply(page, WHOLE, { intensity, part: 'grade' });
      const content = compositor.apply(page, WHOLE, { intensity, part: 'content' });
      expect(grade.format).toEqual(page.format);
      expect(content.format).toEqual({ ...page.format, channels: 4 });
      expect(bytes(stacked(grade, content)).equals(bytes(all.data))).toBe(true);
    }
  });

  it('divide the picture: the moon is content, the night is grade', () => {
    const page = documentOf(landscape, { channels: 4 });
    const { width, height } = page.format;
    const content = compositor.apply(page, WHOLE, { intensity: 1, part: 'content' });
    const alphaAt = (u: number, v: number) =>
      content.data[(Math.floor(v * height) * width + Math.floor(u * width)) * 4 + 3];
    expect(alphaAt(0.3, 0.2)).toBe(255);
    expect(alphaAt(0.8, 0.9)).toBe(0);
    const share = content.data.filter((value, i) => i % 4 === 3 && value > 0).length;
    expect(share / (width * height)).toBeLessThan(0.25);
  });
});

it('an edit without new objects has an empty content layer', () => {
  const page = documentOf(landscape);
  const compositor = createCompositor(workingEdit(landscape, night));
  const { data } = compositor.apply(page, WHOLE, { intensity: 1, part: 'content' });
  expect(data.every((value) => value === 0)).toBe(true);
});
