import { findFaces } from '@emoeditor/companion-server/scene/maps/faces.ts';
import { readScene } from '@emoeditor/companion-server/scene/maps/readScene.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { scriptedScene } from './scriptedScene.ts';

const WIDTH = 120;
const HEIGHT = 80;
const image = tensor(new Float32Array(3 * WIDTH * HEIGHT), [1, 3, HEIGHT, WIDTH]);
/** Anchors count cells of 4 pixels in a square of 192, in which 120 × 80 lies as 192 × 128 from row 32 on. */
const box = [6, -2, 24, 28, ...Array(12).fill(4)];
const faces = [
  { column: 24, row: 24, logit: 3, box },
  // The same face once more, less sure, and one that is not sure enough.
  { column: 25, row: 24, logit: 2, box },
  { column: 4, row: 20, logit: 0.2, box },
];
const classAt = () => 'other' as const;

describe('faces', () => {
  it('come once each, in shares of the picture, with their marks', async () => {
    const found = await findFaces(image, scriptedScene({ classAt, faces }));
    expect(found).toHaveLength(1);
    const [face] = found;
    // Centre at (98 + 6, 98 − 2) of the square, which is (104, 64) of 192 × 128.
    expect(face?.left).toBeCloseTo((104 - 12) / 192, 5);
    expect(face?.top).toBeCloseTo((64 - 14) / 128, 5);
    expect(face?.width).toBeCloseTo(24 / 192, 5);
    expect(face?.height).toBeCloseTo(28 / 128, 5);
    expect(face?.score).toBeCloseTo(1 / (1 + Math.exp(-3)), 5);
    expect(face?.marks).toHaveLength(6);
    expect(face?.marks[0]?.[0]).toBeCloseTo(102 / 192, 5);
    expect(face?.marks[0]?.[1]).toBeCloseTo((102 - 32) / 128, 5);
  });

  it('make a person of the foreground that hangs together with them, and of no other', async () => {
    const picture = {
      width: WIDTH,
      height: HEIGHT,
      rgb: new Uint8Array(WIDTH * HEIGHT * 3).fill(128),
    };
    // A body around the face, and something else at the right.
    const foregroundAt = (x: number, y: number) =>
      (x > 0.4 && x < 0.7 && y > 0.3) || (x > 0.85 && y > 0.5) ? 1 : 0;
    const { planes, faces: found } = await readScene(
      picture,
      scriptedScene({ classAt, faces, foregroundAt }),
    );
    const at = (x: number, y: number) => planes.person[y * WIDTH + x] as number;
    expect(found).toHaveLength(1);
    expect(at(65, 60)).toBeGreaterThan(0.9);
    expect(at(112, 60)).toBeLessThan(0.1);
    expect(planes.face[40 * WIDTH + 65]).toBeGreaterThan(0.9);
    expect(planes.face[75 * WIDTH + 10]).toBe(0);
  });
});
