import { layeredPhotograph } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import {
  evoke,
  history,
  layerOf,
  openDocument,
  photograph,
  SIDE,
  stage,
  WHOLE,
  type World,
} from './stage.ts';

const { photoshop } = stage();

type Kind = readonly [
  mode: string,
  depth: 8 | 16 | 32,
  profile: string,
  channels: number,
  said: RegExp,
];

/** Documents that are not edited: mode, depth, profile, samples of a pixel, and what is said of them. */
const UNSUPPORTED: readonly Kind[] = [
  ['RGBColorMode', 32, 'sRGB IEC61966-2.1 (Linear RGB Profile)', 4, /32 bits per channel/],
  ['grayscaleMode', 8, 'Gray Gamma 2.2', 2, /Grayscale mode/],
  ['labColorMode', 16, 'Lab D50', 4, /Lab mode/],
  ['CMYKColorMode', 8, 'U.S. Web Coated (SWOP) v2', 5, /CMYK mode/],
  ['indexedColorMode', 8, 'sRGB IEC61966-2.1', 4, /Indexed Color mode/],
];

function unsupported(world: World, [mode, depth, profile, channels]: Kind) {
  const length = SIDE * SIDE * channels;
  const samples =
    depth === 8
      ? new Uint8Array(length).fill(90)
      : depth === 16
        ? new Uint16Array(length).fill(9000)
        : new Float32Array(length).fill(0.4);
  const content = layeredPhotograph(samples, SIDE, SIDE, mode);
  return openDocument(world.fake, { mode, depth, profile, content });
}

describe('expectation 6: 16 bit stays 16 bit, and what is not edited is refused in a sentence', () => {
  it('a result in 16 bit is finer than 8 bit can be', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake, {
      depth: 16,
      content: layeredPhotograph(photograph(16), SIDE, SIDE),
    });
    await fake.actions.play([evoke()]);
    const result = layerOf(document, 'Awe · 100 %').pixels;
    expect(result.depth).toBe(16);
    const samples = result.read(WHOLE).filter((_, i) => i % 4 !== 3);
    expect(Math.max(...samples)).toBeGreaterThan(255);
    // Values between those that 8 bit has, and far more of them.
    const between = samples.filter(
      (value) => Math.abs((value * 255) / 32768 - Math.round((value * 255) / 32768)) > 0.1,
    );
    expect(between.length).toBeGreaterThan(samples.length / 2);
    expect(new Set(samples).size).toBeGreaterThan(256);
  });

  it.each(UNSUPPORTED)(
    'an action refuses %s in %i bit before it reads anything',
    async (...kind) => {
      const world = photoshop();
      const document = unsupported(world, kind);
      const [, , , , text] = kind;
      await expect(world.fake.actions.play([evoke()])).rejects.toThrow(text);
      await expect(world.fake.actions.play([evoke()])).rejects.toThrow(/Convert a copy/);
      expect(world.fake.images.peakBytes).toBe(0);
      expect(history(document)).toEqual(['Open']);
    },
  );

  it.each(UNSUPPORTED)(
    'the panel refuses %s in %i bit before anything is started',
    async (...kind) => {
      const world = photoshop();
      unsupported(world, kind);
      const page = world.openPanel();
      await page.says('Ready');
      await page.says(kind[4]);
      await page.says('Convert a copy');
      expect(page.control('Evoke Awe').hasAttribute('disabled')).toBe(true);
      expect(world.fake.modal.entered).toBe(0);
    },
  );
});
