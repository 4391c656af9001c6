import { withoutOpposites } from '@emoeditor/companion-server/pipeline/keptColours.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { expect, it } from 'vitest';

const pixel = (...rgb: number[]) => tensor(Float32Array.from(rgb), [1, 3, 1, 1]);
const kept = (source: readonly number[], edit: readonly number[]) =>
  Array.from(withoutOpposites(pixel(...edit), pixel(...source)).data);

it('a colour may fade to grey and not beyond', () => {
  const [r = 0, g = 0, b = 0] = kept([0.8, 0.2, 0.15], [0.2, 0.6, 0.6]);
  // What was turned to teal has nothing of red or its opposite left.
  expect(r).toBeGreaterThan(0.4);
  expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(0.1);
});

it('fading, darkening, lighting and another tint of the same side stay to the last bit', () => {
  for (const edit of [
    [0.5, 0.4, 0.38],
    [0.2, 0.05, 0.04],
    [0.95, 0.5, 0.3],
  ]) {
    expect(kept([0.8, 0.2, 0.15], edit)).toEqual(Array.from(Float32Array.from(edit)));
  }
});

it('what has no colour of its own takes that of the light', () => {
  const blue = [0.2, 0.25, 0.4];
  expect(kept([0.5, 0.5, 0.48], blue)).toEqual(Array.from(Float32Array.from(blue)));
});

it('each picture of a batch is held against the same source', () => {
  const two = tensor(Float32Array.of(0.2, 0.6, 0.6, 0.5, 0.4, 0.38), [2, 3, 1, 1]);
  const { data } = withoutOpposites(two, pixel(0.8, 0.2, 0.15));
  expect(data[0]).toBeGreaterThan(0.4);
  expect(Array.from(data.slice(3))).toEqual(Array.from(Float32Array.of(0.5, 0.4, 0.38)));
});

it('the sky may have any colour', () => {
  const [edit, source] = [pixel(0.2, 0.6, 0.6), pixel(0.8, 0.2, 0.15)];
  expect(withoutOpposites(edit, source, Float32Array.of(0)).data).toEqual(edit.data);
});
