import { createCompositor } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { PixelFormat } from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  landscape,
  tileOf,
  tinted,
  WHOLE,
  withDisc,
  workingEdit,
} from './scenes.ts';

const moonlit = withDisc(
  tinted(landscape, [0.4, 0.5, 0.8], [0, 0, 0.05]),
  [0.3, 0.2],
  0.08,
  [1, 0.95, 0.7],
);
const compositor = createCompositor(workingEdit(landscape, moonlit));

const FORMATS: Array<Partial<PixelFormat>> = [
  { sample: 'uint8', range: 255, channels: 3 },
  { sample: 'uint8', range: 255, channels: 4 },
  { sample: 'uint16', range: 32768, channels: 4 },
  { sample: 'uint16', range: 65535, channels: 3 },
  { sample: 'float32', range: 1, channels: 4 },
];

describe.each(FORMATS)('exactness of $sample × $channels, range $range', (format) => {
  const page = documentOf(landscape, format);
  const edited = compositor.apply(page, WHOLE, { intensity: 1 });

  it('leaves every bit at intensity 0', () => {
    const result = compositor.apply(page, WHOLE, { intensity: 0 });
    expect(result.format).toEqual(page.format);
    expect(Buffer.compare(bytes(result.data), bytes(page.data))).toBe(0);
    expect(result.data === page.data).toBe(false);
  });

  it('does change pixels at intensity 1', () => {
    expect(Buffer.compare(bytes(edited.data), bytes(page.data))).not.toBe(0);
  });

  it('gives the same bits for any tile', () => {
    fc.assert(
      fc.property(
        fc.nat(DOCUMENT.width - 1),
        fc.nat(DOCUMENT.height - 1),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (left, top, wantedWidth, wantedHeight) => {
          const width = Math.min(wantedWidth, DOCUMENT.width - left);
          const height = Math.min(wantedHeight, DOCUMENT.height - top);
          const tile = tileOf(page, left, top, width, height);
          const place = { bounds: { left, top, width, height }, extent: DOCUMENT };
          const result = compositor.apply(tile, place, { intensity: 1 });
          const expected = tileOf(edited, left, top, width, height);
          expect(Buffer.compare(bytes(result.data), bytes(expected.data))).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('alpha', () => {
  it('keeps alpha, and colour under alpha 0, to the bit', () => {
    const page = documentOf(landscape, { channels: 4 });
    for (let i = 0; i < page.data.length; i += 4)
      page.data[i + 3] = (i / 4) % 3 === 0 ? 0 : i % 256;
    const { data } = compositor.apply(page, WHOLE, { intensity: 1.2 });
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] !== page.data[i + 3]) expect.fail(`alpha changed at ${i}`);
      if (page.data[i + 3] !== 0) continue;
      for (let k = 0; k < 3; k++) {
        if (data[i + k] !== page.data[i + k]) expect.fail(`hidden colour changed at ${i + k}`);
      }
    }
  });
});

describe('an edit that changes nothing', () => {
  it.each(FORMATS)('comes back bit-exact as $sample, range $range', (format) => {
    const page = documentOf(landscape, format);
    const unchanged = createCompositor(workingEdit(landscape, landscape));
    const { data } = unchanged.apply(page, WHOLE, { intensity: 1.5 });
    expect(Buffer.compare(bytes(data), bytes(page.data))).toBe(0);
  });

  it('leaves what lies far from a local change bit-exact', () => {
    const local = createCompositor(
      workingEdit(landscape, withDisc(landscape, [0.2, 0.7], 0.06, [1, 0.2, 0.1])),
    );
    const page = documentOf(landscape);
    const bounds = { left: 340, top: 0, width: DOCUMENT.width - 340, height: DOCUMENT.height };
    const far = tileOf(page, bounds.left, bounds.top, bounds.width, bounds.height);
    const { data } = local.apply(far, { bounds, extent: DOCUMENT }, { intensity: 1 });
    let changed = 0;
    for (let i = 0; i < data.length; i++) if (data[i] !== far.data[i]) changed++;
    expect(changed).toBe(0);
  });
});

describe('memory', () => {
  it("never writes into the caller's pixels, even when they come as a Node Buffer", () => {
    const page = documentOf(landscape);
    const buffer = Buffer.from(page.data as Uint8Array);
    const before = Buffer.from(buffer);
    compositor.apply({ format: page.format, data: buffer }, WHOLE, { intensity: 1 });
    expect(Buffer.compare(buffer, before)).toBe(0);
  });
});

function bytes(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
