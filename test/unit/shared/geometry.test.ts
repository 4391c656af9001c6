import { type Extent, fittedExtent } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

describe('fittedExtent', () => {
  const cases: readonly [string, Extent, Extent, Extent][] = [
    ['a landscape by its width', size(6000, 4000), size(320, 224), size(320, 213)],
    ['a portrait by its height', size(4000, 6000), size(60, 42), size(28, 42)],
    ['what has the room’s shape whole', size(50, 40), size(100, 80), size(100, 80)],
    ['a thread one pixel wide', size(20_000, 10), size(60, 42), size(60, 1)],
  ];
  it.each(cases)('fits %s', (_what, shape, room, fitted) => {
    expect(fittedExtent(shape, room)).toEqual(fitted);
  });
});

function size(width: number, height: number): Extent {
  return { width, height };
}
