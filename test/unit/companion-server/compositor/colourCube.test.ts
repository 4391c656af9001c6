import {
  colourCube,
  encodeCube,
  isGlobalEnough,
} from '@emoeditor/companion-server/compositor/colourCube.ts';
import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { describe, expect, it } from 'vitest';
import { landscape, type Scene, tinted, workingEdit } from './scenes.ts';

const cubeOf = (after: Scene, intensity = 1) => {
  const edit = workingEdit(landscape, after);
  return colourCube(fitEdit(edit), edit, intensity);
};
/** The table's entry for a colour on its nodes, given in 32nds. */
const entry = ({ side, table }: ReturnType<typeof cubeOf>, r: number, g: number, b: number) =>
  Array.from(table.subarray(((b * side + g) * side + r) * 3, ((b * side + g) * side + r) * 3 + 3));

describe('colourCube', () => {
  it('holds a tint that is the same everywhere, within a level or two', () => {
    const cube = cubeOf(tinted(landscape, [0.8, 0.9, 1], [0.05, 0, 0]));
    expect(isGlobalEnough(cube)).toBe(true);
    expect(cube.error.mean).toBeLessThan(2);
    // A colour of the sky, [0.59, 0.69, 0.84]: tinted by the same amounts.
    const [r = 0, g = 0, b = 0] = entry(cube, 19, 22, 27);
    expect(r).toBeCloseTo((0.8 * 19) / 32 + 0.05, 1.5);
    expect(g).toBeCloseTo((0.9 * 22) / 32, 1.5);
    expect(b).toBeCloseTo(27 / 32, 1.5);
  });

  it('changes nothing at intensity 0 and half as much at a half', () => {
    const after = tinted(landscape, [0.6, 0.6, 0.6], [0, 0, 0]);
    expect(entry(cubeOf(after, 0), 16, 16, 16)).toEqual([0.5, 0.5, 0.5]);
    const [full = 0] = entry(cubeOf(after), 16, 16, 16);
    const [half = 0] = entry(cubeOf(after, 0.5), 16, 16, 16);
    expect(half).toBeCloseTo((0.5 + full) / 2, 5);
  });

  it('is not taken for enough when left and right part ways', () => {
    const split: Scene = (u, v) => {
      const [r, g, b] = landscape(u, v);
      return u < 0.5 ? [r * 0.5, g * 0.5, b] : [r, g, b * 0.4];
    };
    expect(isGlobalEnough(cubeOf(split))).toBe(false);
  });

  it('is written with red running fastest', () => {
    const text = encodeCube(cubeOf(landscape), 'Awe "100"', 'sRGB IEC61966-2.1');
    const lines = text.trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '# Made for pixels in sRGB IEC61966-2.1.',
      `TITLE "Awe '100'"`,
      'LUT_3D_SIZE 33',
    ]);
    expect(lines).toHaveLength(3 + 33 ** 3);
    const [r = 0, g = 1] = lines[4]?.split(' ').map(Number) ?? [];
    expect(r).toBeGreaterThan(0.01);
    expect(g).toBeLessThan(0.02);
  });
});
