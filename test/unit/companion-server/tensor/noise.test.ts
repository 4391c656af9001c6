import { gaussianNoise, randomInteger } from '@emoeditor/companion-server/tensor/noise.ts';
import { normalQuantile, philox } from '@emoeditor/companion-server/tensor/tensorKernel.ts';
import { describe, expect, it } from 'vitest';

const stream = (seed: number, iteration = 0, candidate = 0) => ({ seed, iteration, candidate });

describe('philox', () => {
  // Known answers for philox4x32-10 from Random123's kat_vectors.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('counter %j, key %j', (counter, key, words) => {
    expect(philox(counter, key)).toEqual(words);
  });
});

describe('normalQuantile', () => {
  // scipy 1.18 norm.ppf
  it.each([
    [1.1641532182693481e-10, -6.3379577545537895],
    [1e-6, -4.753424308822899],
    [0.01, -2.3263478740408408],
    [0.075, -1.4395314709384563],
    [0.0750001, -1.4395307645017301],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.925, 1.4395314709384563],
    [0.9999999, 5.199337582290661],
    [0.9999999998835847, 6.3379577545537895],
  ])('of %d is %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(2e-15 * Math.max(1, Math.abs(z) ** 2 * 4));
  });
});

describe('gaussianNoise', () => {
  it('is pinned: another engine, version or platform must give these very bits', () => {
    const { data } = gaussianNoise([1, 1, 2, 4], stream(42));
    expect([...data]).toMatchInlineSnapshot(`
      [
        0.28704190254211426,
        -0.07882346957921982,
        -1.4521371126174927,
        -0.4101129472255707,
        2.248211622238159,
        -0.44803664088249207,
        0.034864604473114014,
        -0.1147652342915535,
      ]
    `);
  });

  it('has the moments of a standard normal', () => {
    const { data } = gaussianNoise([1, 16, 64, 64], stream(7));
    const moment = (power: number) => data.reduce((sum, x) => sum + x ** power, 0) / data.length;
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
  });

  it('gives each seed, iteration and candidate numbers of its own', () => {
    const all = [stream(1), stream(2), stream(1, 1), stream(1, 0, 1)].map(
      (own) => gaussianNoise([4096], own).data,
    );
    all.forEach((x, i) => {
      all.slice(i + 1).forEach((y) => {
        const correlation = x.reduce((sum, value, k) => sum + value * y[k]!, 0) / x.length;
        expect(Math.abs(correlation)).toBeLessThan(0.06);
      });
    });
  });

  it('gives number i whatever the size asked for', () => {
    const long = gaussianNoise([101], stream(3)).data;
    expect([...gaussianNoise([37], stream(3)).data]).toEqual([...long.subarray(0, 37)]);
  });
});

describe('randomInteger', () => {
  it('covers its whole range, both ends included, and nothing else', () => {
    const drawn = Array.from({ length: 400 }, (_, i) => randomInteger(3, 7, stream(5, i)));
    expect(new Set(drawn)).toEqual(new Set([3, 4, 5, 6, 7]));
  });
});
