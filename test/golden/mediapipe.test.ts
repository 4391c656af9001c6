import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { expect, it } from 'vitest';

/** What LiteRT says with MediaPipe's own files; provenance.json says how it was made. */
const GOLDEN = join(import.meta.dirname, 'mediapipe', 'io.json');
const STARTER = join(import.meta.dirname, '..', '..', 'models', 'starter');
const SMALL = 64;
const STEP = 8;

interface Golden {
  readonly picture: number[];
  readonly scores: number[];
  readonly strongest: number[];
  readonly boxes: number[][];
  readonly foreground: number[];
}
const golden = async (): Promise<Golden> => JSON.parse(await readFile(GOLDEN, 'utf8'));

/** Every pixel repeated, planar. */
const enlarged = (picture: readonly number[], side: number) =>
  Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [channel, pixel] = [Math.floor(i / (side * side)), i % (side * side)];
    const y = Math.floor((Math.floor(pixel / side) * SMALL) / side);
    const x = Math.floor(((pixel % side) * SMALL) / side);
    return (picture[(y * SMALL + x) * 3 + channel] as number) / 255;
  });

async function run(file: string, input: Float32Array, side: number) {
  const session = await openOnnxSession(join(STARTER, file), { provider: 'cpu', threads: 1 });
  const outputs = await session.run({ x: tensor(input, [1, 3, side, side]) });
  await session.release();
  return outputs;
}

it('finds the faces that MediaPipe’s own file does, to a thousandth of a logit and a hundredth of a pixel', async () => {
  const { picture, scores, strongest, boxes } = await golden();
  const input = enlarged(picture, 192).map((value) => 2 * value - 1);
  const found = await run('faces.onnx', input, 192);
  const { boxes: foundBoxes, scores: foundScores } = found;
  const off = scores.map((value, i) => Math.abs(value - (foundScores?.data[i] as number)));
  expect(Math.max(...off)).toBeLessThan(1e-3);
  for (const [k, anchor] of strongest.entries()) {
    const row = foundBoxes?.data.subarray(anchor * 16, (anchor + 1) * 16) as Float32Array;
    const apart = (boxes[k] as number[]).map((value, i) => Math.abs(value - (row[i] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-2);
  }
});

it('cuts out the foreground that MediaPipe’s own file does, to a thousandth', async () => {
  const { picture, foreground } = await golden();
  const found = await run('selfie.onnx', enlarged(picture, 256), 256);
  const { foreground: plane } = found;
  const columns = 256 / STEP;
  const off = foreground.map((value, i) => {
    const at = Math.floor(i / columns) * STEP * 256 + (i % columns) * STEP;
    return Math.abs(value - (plane?.data[at] as number));
  });
  expect(Math.max(...off)).toBeLessThan(1e-3);
});
