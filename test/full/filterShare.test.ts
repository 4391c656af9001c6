import {
  filterShares,
  median,
  type Pair,
} from '@emoeditor/companion-server/evaluation/metrics/filterShare.ts';
import { describe, expect, it } from 'vitest';

const [WIDTH, HEIGHT] = [40, 30];

/** A photograph of smooth colours, another for each number. */
function photograph(number: number): Uint8Array {
  const wave = (x: number, y: number, k: number) =>
    Math.sin(x / 7 + number * 1.7 + k) + Math.cos(y / 5 + number * 0.9 - k);
  return Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return Math.round(127 + 50 * wave(pixel % WIDTH, Math.floor(pixel / WIDTH), i % 3));
  });
}

const edited = (edit: (value: number, k: number, x: number) => number): Pair[] =>
  Array.from({ length: 5 }, (_, number) => {
    const source = photograph(number);
    return {
      source,
      edit: source.map((value, i) => {
        const wanted = edit(value, i % 3, Math.floor(i / 3) % WIDTH);
        return Math.min(255, Math.max(0, Math.round(wanted)));
      }),
    };
  });

describe('filter share', () => {
  it('of a colour filter is 1, on other photographs too', () => {
    const filter = (value: number, k: number) => value * [1.1, 0.8, 0.5][k]! + 10;
    const { others, own } = filterShares(edited(filter));
    expect(Math.min(...(others as number[]))).toBeGreaterThan(0.97);
    expect(Math.min(...(own as number[]))).toBeGreaterThan(0.97);
  });

  it('of an edit that sits in places is low', () => {
    const spatial = (value: number, _: number, x: number) => value + (x % 8 < 4 ? 50 : -50);
    const { others } = filterShares(edited(spatial));
    expect(Math.max(...(others as number[]))).toBeLessThan(0.3);
  });

  it('of no change is none', () => {
    expect(median(filterShares(edited((value) => value)).others)).toBeNull();
  });
});

it('takes the middle of what is there', () => {
  expect(median([3, null, 1])).toBe(2);
  expect(median([5, 1, 2])).toBe(2);
});
