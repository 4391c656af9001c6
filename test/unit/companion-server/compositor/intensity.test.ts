import { createCompositor } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { describe, expect, it } from 'vitest';
import { documentOf, landscape, tinted, WHOLE, withDisc, workingEdit } from './scenes.ts';

const edit = withDisc(
  tinted(landscape, [1.2, 0.9, 0.6], [0.05, 0, 0]),
  [0.7, 0.3],
  0.1,
  [0.1, 0.2, 0.9],
);
const compositor = createCompositor(workingEdit(landscape, edit));
const STEPS = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5];

describe.each([
  { sample: 'uint8', range: 255, largest: 26.5 },
  { sample: 'uint16', range: 32768, largest: 0.1 * 32768 + 1 },
] as const)('intensity of $sample', ({ sample, range, largest }) => {
  it('is monotone and continuous from 0 to 150 % in every sample', () => {
    const page = documentOf(landscape, { sample, range });
    const series = STEPS.map((intensity) => compositor.apply(page, WHOLE, { intensity }).data);
    for (let i = 0; i < page.data.length; i++) {
      const direction = Math.sign(series[5]![i]! - page.data[i]!);
      for (let step = 1; step < STEPS.length; step++) {
        const change = series[step]![i]! - series[step - 1]![i]!;
        if (direction !== 0 && change * direction < 0) {
          expect.fail(`sample ${i} turns back between ${STEPS[step - 1]} and ${STEPS[step]}`);
        }
      }
      // A tenth of the intensity moves no sample by more than a tenth of the range, and one level of dither.
      const jump = Math.abs(series[1]![i]! - page.data[i]!);
      if (jump > largest) expect.fail(`sample ${i} jumps by ${jump}`);
    }
  });
});

describe('intensity out of range', () => {
  it.each([-0.1, 1.51, Number.NaN])('%s is refused with a code', (intensity) => {
    const page = documentOf(landscape);
    expect(() => compositor.apply(page, WHOLE, { intensity })).toThrowError(
      expect.objectContaining({ code: 'BAD_INTENSITY' }),
    );
  });
});
