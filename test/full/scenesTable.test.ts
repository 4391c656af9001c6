import { EMOTIONS } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import type { PhotoScenes } from '../../bench/scenes/measured.mts';
import { scenesTable } from '../../bench/scenes/scenesTable.mts';

const SIDE = 12;
const pixels = (valueAt: (i: number) => number) =>
  Buffer.from(Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => valueAt(i))).toString(
    'base64',
  );
const source = (i: number) => (i * 7) % 200;

function photo(name: string, after: number): PhotoScenes {
  const edits = EMOTIONS.map((emotion) => ({
    ...{ emotion, instructions: ['fear/dense-fog', null], valence: -0.5, clipped: 1 },
    p: { before: 0.1, delivered: after, filter: 0.2 },
    isFirst: { delivered: true, filter: false },
    faces: { found: 1, recoloured: 0 },
    seconds: { edit: 1.25, first: 0.5 },
  }));
  const thumbs = [pixels(source), ...EMOTIONS.map(() => pixels(source))];
  return { photo: name, thumb: { width: SIDE, height: SIDE }, thumbs, edits };
}

const cellsOf = (table: string, name: string) =>
  table
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`))
    ?.split(' | ')
    .map((cell) => cell.trim());

describe('the table of scenes', () => {
  it('has the rise of ln P, and what was delivered how often', () => {
    // One photograph has no filter share, which takes long.
    const table = scenesTable([photo('a', 0.2)]);
    const columns = table
      .split('\n')[0]
      ?.split(' | ')
      .map((cell) => cell.trim());
    const at = columns?.indexOf('ln P rise, median') ?? -1;
    expect(cellsOf(table, 'all')?.[at]).toBe(Math.log(2).toFixed(2));
    expect(table).toContain('1 photographs. Delivered: fear/dense-fog 8.');
  });
});
