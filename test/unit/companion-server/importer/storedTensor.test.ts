import { rebuildTensor } from '@emoeditor/companion-server/importer/checkpoint/storedTensor.ts';
import { expect, it } from 'vitest';

it('a tensor of more than 2^31 elements is refused, though its storage has as many', () => {
  const side = 2 ** 16;
  const storage = { start: 0, count: side ** 2, elements: 'F16', bigEndian: false };
  const tuple = (...items: unknown[]) => Object.freeze(items);
  const tensorOf = (rows: number) =>
    rebuildTensor(tuple(storage, 0, tuple(rows, side), tuple(side, 1)));
  expect(() => tensorOf(side)).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/65536, 65536/),
    }),
  );
  expect(() => tensorOf(side / 2)).not.toThrow();
});
