import {
  prepareScene,
  renderScene,
} from '@emoeditor/companion-server/scene/elements/prepareScene.ts';
import { sceneCompositor } from '@emoeditor/companion-server/scene/elements/sceneCompositor.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { applied, DOCUMENT, documentOf, planOf, UNEDITED, viewOf } from './sampleScene.ts';

const PLAN = planOf(['fog', 'ground-mist']);
const compositor = sceneCompositor(UNEDITED, prepareScene(viewOf(), PLAN));

/** What Normal blending makes of a layer over a picture, in the precision of the document. */
function blended(below: PixelBuffer, layer: PixelBuffer): PixelBuffer {
  const { channels, range, sample } = below.format;
  const data = below.data.slice();
  for (let i = 0; i < data.length / channels; i++) {
    const alpha = layer.data[i * 4 + 3]! / range;
    for (let k = 0; k < 3; k++) {
      const at = i * channels + k;
      const value = data[at]! + alpha * (layer.data[i * 4 + k]! - data[at]!);
      data[at] = sample === 'float32' ? value : Math.round(value);
    }
  }
  return { format: below.format, data };
}

const KINDS = [
  ['uint8', 1],
  ['uint16', 1],
  ['float32', 1e-4],
] as const;

describe('the elements of a plan as one picture and as layers', () => {
  it.each(KINDS)('of %s documents composite to the same within one level', (sample, level) => {
    const document = documentOf(DOCUMENT, sample);
    const all = applied(compositor, document);
    const layers = [0, 1].map((element) => applied(compositor, document, 1, { element }));
    const flat = layers.reduce(blended, document);
    let worst = 0;
    for (let i = 0; i < all.data.length; i++) {
      worst = Math.max(worst, Math.abs(all.data[i]! - flat.data[i]!));
    }
    expect(worst).toBeLessThanOrEqual(level);
    expect(layers[0]!.data).not.toEqual(layers[1]!.data);
  });

  it('leave alpha, and what lies under alpha 0, as they are', () => {
    const document = documentOf(DOCUMENT, 'uint8', 4);
    for (let i = 0; i < 2000; i++) document.data[i * 4 + 3] = 0;
    const { data } = applied(compositor, document);
    expect(data.slice(0, 8000)).toEqual(document.data.slice(0, 8000));
    expect(data.filter((_, i) => i % 4 === 3)).toEqual(document.data.filter((_, i) => i % 4 === 3));
    const layer = applied(compositor, document, 1, { element: 0 });
    expect(layer.data.slice(0, 8000).every((value) => value === 0)).toBe(true);
  });

  it('refuse the layer of an element that is not there', () => {
    expect(() => applied(compositor, documentOf(), 1, { element: 2 })).toThrow(
      /one of the 2 elements/,
    );
  });
});

describe('a plan', () => {
  it('is drawn back to front whatever its order', () => {
    const turned = { ...PLAN, elements: PLAN.elements.toReversed() };
    expect(prepareScene(viewOf(), turned)).toEqual(prepareScene(viewOf(), PLAN));
  });

  it('with an element that cannot be drawn says so', () => {
    expect(() => prepareScene(viewOf(), planOf(['flames']))).toThrow(/can be drawn.*flames/);
  });

  it('looks at working size as it will at full size', () => {
    const { light } = renderScene(viewOf(), PLAN);
    const full = applied(compositor, documentOf({ width: 96, height: 64 }, 'float32'));
    let sum = 0;
    for (let i = 0; i < light[1].length; i++) {
      const tone = 1.055 * light[1][i]! ** (1 / 2.4) - 0.055;
      sum += Math.abs(tone - full.data[i * 3 + 1]!);
    }
    expect(sum / light[1].length).toBeLessThan(0.01);
  });

  it('draws on documents of other spaces what it draws in sRGB', () => {
    const profile = 'ProPhoto RGB';
    const grey = (name?: string) => {
      const document = documentOf(DOCUMENT, 'float32', 3, name);
      const data = document.data.map((_, i) => document.data[i - (i % 3) + 1]!);
      return { format: document.format, data };
    };
    // The same grey light, in the curve of either space.
    const linear = (tone: number) =>
      tone <= 0.04045 ? tone / 12.92 : ((tone + 0.055) / 1.055) ** 2.4;
    const wide = grey(profile);
    const other = { ...wide, data: wide.data.map((tone) => linear(tone) ** (1 / 1.8)) };
    const [a, b] = [applied(compositor, grey()), applied(compositor, other)];
    let worst = 0;
    for (let i = 0; i < a.data.length; i += 3) {
      const luminance = (r: number, g: number, bl: number) => 0.2 * r + 0.7 * g + 0.1 * bl;
      const one = luminance(
        ...([0, 1, 2].map((k) => linear(a.data[i + k]!)) as [number, number, number]),
      );
      const two = luminance(
        ...([0, 1, 2].map((k) => b.data[i + k]! ** 1.8) as [number, number, number]),
      );
      worst = Math.max(worst, Math.abs(one - two));
    }
    expect(worst).toBeLessThan(0.05);
  });
});
