import {
  calibrationError,
  reliability,
} from '@emoeditor/companion-server/evaluation/metrics/calibration.ts';
import {
  bootstrap,
  meanOf,
  medianOf,
} from '@emoeditor/companion-server/evaluation/report/bootstrap.ts';
import { createPace } from '@emoeditor/companion-server/evaluation/run/pace.ts';
import { describe, expect, it } from 'vitest';

const settings = { resamples: 4000, seed: 7 };

describe('the bootstrap', () => {
  it('has the normal interval of a mean where values are independent', () => {
    const groups = Array.from({ length: 400 }, (_, i) => [Math.sin(i * 12.9898) * 10]);
    const found = bootstrap(groups, meanOf, settings)!;
    const values = groups.flat();
    const mean = meanOf(values);
    const error = Math.sqrt(meanOf(values.map((v) => (v - mean) ** 2)) / values.length);
    expect(found.value).toBeCloseTo(mean, 12);
    expect((found.high - found.low) / (2 * 1.96 * error)).toBeCloseTo(1, 1);
  });

  it('draws photographs, not edits: edits of one photograph make the interval no narrower', () => {
    const one = Array.from({ length: 30 }, (_, i) => [i % 7]);
    const eight = one.map(([value]) => Array.from({ length: 8 }, () => value as number));
    const [few, many] = [one, eight].map((groups) => bootstrap(groups, meanOf, settings)!);
    expect(many!.count).toBe(240);
    expect([many!.low, many!.high]).toEqual([few!.low, few!.high]);
  });

  it('is the same for the same seed, and nothing for no values', () => {
    const groups = [[1, 2], [5], [9, 3]];
    expect(bootstrap(groups, medianOf, settings)).toEqual(bootstrap(groups, medianOf, settings));
    expect(bootstrap(groups, medianOf, settings)!.value).toBe(3);
    expect(bootstrap([[], []], meanOf, settings)).toBeNull();
  });
});

describe('calibration', () => {
  const all = (confidence: number, right: number, of: number) =>
    Array.from({ length: of }, (_, i) => ({ confidence, isRight: i < right }));

  it('weights each bin by its predictions (Guo et al. 2017)', () => {
    const predictions = [...all(0.9, 6, 10), ...all(0.3, 9, 30)];
    expect(calibrationError(predictions, 10)).toBeCloseTo((10 * 0.3 + 30 * 0) / 40, 12);
    expect(reliability(predictions, 10).map(({ count }) => count)).toEqual([30, 10]);
  });

  it('has a place for both ends', () => {
    expect(reliability([...all(0, 0, 1), ...all(1, 1, 1)]).map(({ count }) => count)).toEqual([
      1, 1,
    ]);
    expect(calibrationError([])).toBeNull();
  });
});

it('the time that is left is that of each method', () => {
  const pace = createPace(['slow', 'slow', 'quick', 'quick', 'new']);
  expect(pace.leftMs()).toBeNull();
  pace.took('slow', 1000);
  pace.took('quick', 10);
  expect(pace.left()).toBe(3);
  expect(pace.leftMs()).toBe(1000 + 10 + 505);
});
