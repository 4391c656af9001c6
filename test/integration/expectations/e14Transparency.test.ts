import { flatten, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import {
  evoke,
  furthest,
  openDocument,
  photograph,
  SIDE,
  stage,
  WHOLE,
  watchBuffers,
} from './stage.ts';

const { photoshop } = stage();

/** A disc with a soft edge; nothing outside it. */
const disc = (x: number, y: number) =>
  Math.min(1, Math.max(0, (36 - Math.hypot(x - SIDE / 2, y - SIDE / 2)) / 8));

/** The photograph in that shape, with a colour of its own wherever nothing can be seen. */
async function edited(
  depth: 8 | 16,
  hidden: readonly number[],
  more: Readonly<Record<string, string>> = {},
) {
  const { fake } = photoshop();
  const samples = photograph(depth, disc);
  for (let at = 0; at < samples.length; at += 4) {
    if (samples[at + 3] === 0) for (let k = 0; k < 3; k++) samples[at + k] = hidden[k] as number;
  }
  const pixels = new Raster(depth, 4).write(WHOLE, samples);
  const photo = newLayer(depth, { name: 'Photo', pixels });
  const seen = watchBuffers(fake);
  const document = openDocument(fake, {
    depth,
    content: { layers: [photo], activeIds: [photo.id], selection: null },
  });
  await fake.actions.play([evoke(more)]);
  const { content } = document;
  // Of a soft source, a group is its grade and content, both clipped to it.
  const result = content.layers.find(({ name }) => name === 'Awe · 100 %')!;
  const shown = flatten(content, depth, WHOLE).rgba;
  return { samples, result: result.pixels.read(WHOLE), picture: seen[0]!, shown };
}

describe('expectation 14: transparency stays exactly, and hidden colour does not bleed', () => {
  it.each([8, 16] as const)('every alpha is what it was, in %i bit', async (depth) => {
    const { samples, shown } = await edited(depth, [0, 0, 0]);
    const range = depth === 8 ? 255 : 32768;
    const before = samples.filter((_, i) => i % 4 === 3);
    const after = Array.from(shown).filter((_, i) => i % 4 === 3);
    const furthest = after.reduce(
      (most, alpha, i) => Math.max(most, Math.abs(alpha - (before[i]! * 255) / range)),
      0,
    );
    expect(furthest).toBeLessThan(0.51);
    expect(new Set(after).size).toBeGreaterThan(20);
  });

  it.each([
    ['one layer', {}],
    ['a grade', { 'org.emoeditor.result': 'group' }],
  ])('what is seen of %s does not depend on what is hidden', async (_what, more) => {
    const black = await edited(8, [0, 0, 0], more);
    const pink = await edited(8, [255, 0, 160], more);
    let [seen, different] = [0, 0];
    for (let at = 0; at < black.result.length; at += 4) {
      if (black.samples[at + 3] === 0) continue;
      seen += 1;
      for (let k = 0; k < 4; k++) {
        if (pink.result[at + k] !== black.result[at + k]) different += 1;
      }
    }
    expect(different).toBe(0);
    expect(seen).toBeGreaterThan(3000);
  });

  it('the model sees grey where nothing is, whatever colour hides there', async () => {
    const black = await edited(8, [0, 0, 0]);
    const pink = await edited(8, [255, 0, 160]);
    expect([...black.picture.slice(0, 3)]).toEqual([128, 128, 128]);
    expect(furthest(pink.picture, black.picture)).toBe(0);
  });
});
