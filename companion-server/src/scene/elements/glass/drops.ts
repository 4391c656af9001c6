import { normalOf, randomOf } from '../light/noise.ts';

/** A drop on a pane; lengths in shares of the long side. */
export interface Drop {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Height against width. */
  readonly tall: number;
}

/** A strip of a pane that a running drop has wiped, from the drop upwards. */
export interface Trail {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** 1 clear … 0 as misty as before. */
  readonly clear: number;
}

export interface Rain {
  /** Smallest first: larger ones lie on top. */
  readonly drops: readonly Drop[];
  readonly trails: readonly Trail[];
}

/** Step of a running drop, in shares of the long side. */
const STEP = 0.006;

/**
 * Drops of all sizes by a power law, and some that ran down and left beads behind.
 * @param width of the picture in shares of the long side
 */
export function rainOn(
  width: number,
  height: number,
  { drops: amount, size, trails: running }: { drops: number; size: number; trails: number },
  seed: number,
): Rain {
  const random = randomOf(seed);
  const drops: Drop[] = [];
  const trails: Trail[] = [];
  const between = (low: number, high: number) => low + (high - low) * random();
  const area = width * height;
  for (let i = 0; i < Math.round(14 * running); i++) {
    const [x, y] = [between(0, width), between(0.15, 1) * height];
    runDown(x, y, size * between(0.7, 1.25), between(0.15, 0.6), random, drops, trails);
  }
  const large = Math.floor(amount * 1150 * area * (0.008 / size) ** 1.2);
  for (let i = 0; i < large; i++) {
    const radius = size * Math.min(1.3, 0.2 * (1 - random()) ** -0.6);
    drops.push({ x: between(0, width), y: between(0, height), radius, tall: between(0.95, 1.3) });
  }
  for (let i = 0; i < Math.floor(amount * 4200 * area); i++) {
    const radius = size * between(0.05, 0.13);
    drops.push({ x: between(0, width), y: between(0, height), radius, tall: between(0.9, 1.2) });
  }
  drops.sort((a, b) => a.radius - b.radius || a.x - b.x);
  return { drops, trails };
}

function runDown(
  x: number,
  y: number,
  radius: number,
  length: number,
  random: () => number,
  drops: Drop[],
  trails: Trail[],
): void {
  drops.push({ x, y, radius, tall: 1.35 });
  const steps = Math.floor(length / STEP);
  let at = x;
  for (let i = 0; i < steps; i++) {
    at += 0.0007 * normalOf(random);
    const up = y - STEP * (i + 1);
    if (up < -0.02) return;
    const share = i / steps;
    trails.push({ x: at, y: up, radius: radius * (0.62 - 0.35 * share), clear: 1 - 0.6 * share });
    if (random() >= 0.22) continue;
    const aside = radius * 0.15 * normalOf(random);
    drops.push({ x: at + aside, y: up, radius: radius * (0.12 + 0.22 * random()), tall: 1.1 });
  }
}
