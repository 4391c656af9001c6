import { type DocumentModel, flatten } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { evoke, layerOf, openDocument, SIDE, stage, WHOLE } from './stage.ts';

const { photoshop } = stage();
const AREA = { left: 28, top: 30, right: 66, bottom: 70 };
const shown = ({ content }: DocumentModel) => flatten(content, 8, WHOLE).rgba;

/** Both pictures of a document, before and after a step that uses its selection, and the selection itself. */
async function edited(
  selection: 'edit' | 'keep',
  options: { ellipse?: boolean; feather?: number },
) {
  const { fake } = photoshop();
  const document = openDocument(fake);
  fake.user(document).selectArea(AREA, options);
  const before = shown(document);
  const weights = document.content.selection!.read(WHOLE);
  await fake.actions.play([evoke({ 'org.emoeditor.selection': selection })]);
  return { before, after: shown(document), weights, document };
}

describe('expectation 2: a selection is honoured with its soft edges', () => {
  it.each([
    ['hard', {}],
    ['soft', { ellipse: true, feather: 9 }],
  ])('nothing outside a %s one changes, by not one level', async (_edge, options) => {
    const { before, after, weights } = await edited('edit', options);
    let [changed, changedOutside] = [0, 0];
    for (let at = 0; at < SIDE * SIDE; at++) {
      if ([0, 1, 2, 3].every((k) => before[at * 4 + k] === after[at * 4 + k])) continue;
      if (weights[at] === 0) changedOutside += 1;
      else changed += 1;
    }
    expect(changedOutside).toBe(0);
    expect(changed).toBeGreaterThan(500);
  });

  it('within a soft edge the edit fades as the selection does', async () => {
    const { before, after, weights, document } = await edited('edit', {
      ellipse: true,
      feather: 9,
    });
    const result = layerOf(document, 'Awe · 100 %');
    expect([...result.mask!.read(WHOLE)]).toEqual([...weights]);
    const full = result.pixels.read(WHOLE);
    let [soft, furthest] = [0, 0];
    for (let at = 0; at < SIDE * SIDE; at++) {
      const weight = (weights[at] as number) / 255;
      if (weight === 0) continue;
      if (weight < 1) soft += 1;
      for (let k = 0; k < 3; k++) {
        const [was, edit] = [before[at * 4 + k] as number, full[at * 4 + k] as number];
        const wanted = was + weight * (edit - was);
        furthest = Math.max(furthest, Math.abs((after[at * 4 + k] as number) - wanted));
      }
    }
    expect(furthest).toBeLessThan(1);
    expect(soft).toBeGreaterThan(300);
  });

  it.each([
    ['hard', {}],
    ['soft', { ellipse: true, feather: 6 }],
  ])(
    'a subject with a %s edge is locked to the last bit, and the rest changes',
    async (_edge, options) => {
      const { before, after, weights } = await edited('keep', options);
      let [kept, changed, changedInside] = [0, 0, 0];
      for (let at = 0; at < SIDE * SIDE; at++) {
        const isSame = [0, 1, 2, 3].every((k) => before[at * 4 + k] === after[at * 4 + k]);
        if (weights[at] === 255) {
          kept += 1;
          if (!isSame) changedInside += 1;
        } else if (!isSame) changed += 1;
      }
      expect(changedInside).toBe(0);
      expect(kept).toBeGreaterThan(200);
      expect(changed).toBeGreaterThan(5000);
    },
  );

  it('a hard one fades over the feather that the step asks for, and nothing beyond it changes', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    fake.user(document).selectArea(AREA);
    const before = shown(document);
    await fake.actions.play([evoke({ 'org.emoeditor.feather': 5 })]);
    const after = shown(document);
    const mask = layerOf(document, 'Awe · 100 %').mask!.read(WHOLE);
    const line = [...mask.slice(50 * SIDE, 51 * SIDE)];
    expect(line.slice(0, 23).concat(line.slice(71))).toEqual(Array(23 + 25).fill(0));
    expect(new Set(line.slice(23, 33)).size).toBe(10);
    expect(line.slice(33, 61)).toEqual(Array(28).fill(255));
    for (let at = 0; at < SIDE * SIDE; at++) {
      if (mask[at] !== 0) continue;
      for (let k = 0; k < 3; k++) expect(after[at * 4 + k]).toBe(before[at * 4 + k]);
    }
  });

  it('pixels are written where they will show, not around it', async () => {
    const { document } = await edited('edit', {});
    expect(layerOf(document, 'Awe · 100 %').pixels.bounds).toEqual(AREA);
  });
});
