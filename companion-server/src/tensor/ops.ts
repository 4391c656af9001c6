import { type Tensor, tensor } from './tensor.ts';
import { scaleAndClampValues } from './tensorKernel.ts';

/**
 * Rows of equal dims [n, …] one after another as one batch [Σn, …].
 * @throws RangeError when there is nothing to stack or the dims after the first differ
 */
export function stack(rows: readonly Tensor[]): Tensor {
  const [first] = rows;
  if (first === undefined)
    throw new RangeError('Expected at least one row to stack but received none.');
  const shape = first.dims.slice(1);
  const wrong = rows.find(({ dims }) => dims.slice(1).join() !== shape.join());
  if (wrong !== undefined) {
    throw new RangeError(
      `Expected rows of dims [n, ${shape.join(', ')}] but one has [${wrong.dims.join(', ')}].`,
    );
  }
  const data = new Float32Array(rows.reduce((total, row) => total + row.data.length, 0));
  let at = 0;
  for (const row of rows) {
    data.set(row.data, at);
    at += row.data.length;
  }
  return tensor(data, [rows.reduce((total, { dims }) => total + (dims[0] ?? 0), 0), ...shape]);
}

/**
 * Row `index` of a batch [n, …] as [1, …]: a view, no copy.
 * @throws RangeError when the batch has no such row
 */
export function rowOf(batch: Tensor, index: number): Tensor {
  return rowsOf(batch, index, 1);
}

/**
 * `length` rows of a batch [n, …] from `first` on, [length, …]: a view, no copy.
 * @throws RangeError when the batch has not so many
 */
export function rowsOf(batch: Tensor, first: number, length: number): Tensor {
  const [count = 0, ...shape] = batch.dims;
  if (!Number.isInteger(first) || first < 0 || first + length > count) {
    const asked = length === 1 ? String(first) : `${first} … ${first + length - 1}`;
    throw new RangeError(`Expected a row of 0 … ${count - 1} but was asked for ${asked}.`);
  }
  const size = batch.data.length / count;
  const data = batch.data.subarray(first * size, (first + length) * size);
  return { data, dims: [length, ...shape] };
}

/** scale · x + offset, clamped to [low, high], in place; returns the same tensor. */
export function scaleAndClamp(
  x: Tensor,
  scale: number,
  offset: number,
  range: readonly [number, number],
): Tensor {
  scaleAndClampValues(x.data, scale, offset, range, x.data);
  return x;
}
