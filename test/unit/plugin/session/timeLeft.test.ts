import type { Clock } from '@emoeditor/plugin/clock.ts';
import { timeLeft } from '@emoeditor/plugin/session/timeLeft.ts';
import { expect, it } from 'vitest';

function clockAt(): { clock: Clock; at: (ms: number) => void } {
  let now = 0;
  return {
    clock: { now: () => now } as Clock,
    at: (ms) => {
      now = ms;
    },
  };
}

it('is right from the second part on, however long the preparing took', () => {
  const { clock, at } = clockAt();
  const left = timeLeft(clock);
  expect(left(0)).toBeNull();
  at(6000);
  expect(left(0.08)).toBeNull();
  // A twelfth every 100 ms from then on.
  for (let part = 2; part <= 12; part++) {
    at(6000 + 100 * (part - 1));
    const told = left((0.08 * part) / 0.96);
    const really = 100 * (12 - part);
    expect(Math.abs((told ?? Number.NaN) - really)).toBeLessThan(0.2 * really + 25);
  }
});

it('never rises when the work becomes slower, and is nothing once that is over', () => {
  const { clock, at } = clockAt();
  const left = timeLeft(clock);
  left(0.1);
  at(100);
  const told = left(0.3) as number;
  at(2000);
  expect(left(0.4)).toBeLessThanOrEqual(told);
  expect(left(1)).toBe(0);
});
