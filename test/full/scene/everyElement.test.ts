import type { ElementName } from '@emoeditor/companion-server/scene/bank/elements.ts';
import { prepareScene } from '@emoeditor/companion-server/scene/elements/prepareScene.ts';
import { RENDERERS } from '@emoeditor/companion-server/scene/elements/renderers.ts';
import { sceneCompositor } from '@emoeditor/companion-server/scene/elements/sceneCompositor.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  applied,
  DOCUMENT,
  documentOf,
  planOf,
  UNEDITED,
  viewOf,
} from '../../unit/companion-server/scene/elements/sampleScene.ts';

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Mean of every two by two pixels. */
function halved({ format, data }: PixelBuffer): PixelBuffer {
  const [width, height] = [format.width / 2, format.height / 2];
  const out = new Float32Array(width * height * 3);
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [2 * (Math.floor(i / 3) % width), 2 * Math.floor(i / 3 / width)];
    const at = (dx: number, dy: number) => data[((y + dy) * format.width + x + dx) * 3 + (i % 3)]!;
    out[i] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
  }
  return { format: { ...format, width, height }, data: out };
}

/** Of green, without the border. */
const changeOf = (before: PixelBuffer, after: PixelBuffer): number[] => {
  const { width, height } = before.format;
  const changes: number[] = [];
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const i = (y * width + x) * 3 + 1;
      changes.push(after.data[i]! - before.data[i]!);
    }
  }
  return changes;
};

/** Elements that a seed has nothing to vary in. */
const WITHOUT_CHANCE: readonly ElementName[] = ['bloom', 'calm', 'bokeh'];
const view = viewOf();
const document = documentOf();

describe.each(Object.keys(RENDERERS) as ElementName[])('%s', (name) => {
  const compositor = sceneCompositor(UNEDITED, prepareScene(view, planOf([name])));

  it('draws the same for the same seed, and something else for another', () => {
    const drawn = (seed: number) =>
      applied(sceneCompositor(UNEDITED, prepareScene(view, planOf([name], seed))), document);
    const { data } = applied(compositor, document);
    expect(drawn(1).data).toEqual(data);
    if (!WITHOUT_CHANCE.includes(name)) expect(drawn(2).data).not.toEqual(data);
  });

  it('grows with intensity', () => {
    const change = (intensity: number) => {
      const { data } = applied(compositor, document, intensity);
      let sum = 0;
      for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - document.data[i]!);
      return sum;
    };
    expect(change(0.5)).toBeGreaterThan(0.25 * change(1));
    expect(change(0.5)).toBeLessThan(0.95 * change(1));
  });

  it('looks the same at half the size', () => {
    const large = documentOf(DOCUMENT, 'float32');
    const small = halved(large);
    const one = changeOf(small, applied(compositor, small));
    const other = changeOf(small, halved(applied(compositor, large)));
    expect(correlation(one, other)).toBeGreaterThan(0.8);
  });
});
