import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import {
  compositorOf,
  createCompositor,
} from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  landscape,
  SCALE,
  type Scene,
  sharpness,
  tinted,
  WHOLE,
  WORKING,
  withDisc,
  workingEdit,
} from './scenes.ts';

const at = (x: number, y: number) => (y * DOCUMENT.width + x) * 3;

describe('a pure tint', () => {
  const look = tinted(landscape, [0.8, 0.9, 1.0], [0.1, 0.02, 0]);
  const page = documentOf(landscape);
  const result = createCompositor(workingEdit(landscape, look)).apply(page, WHOLE, {
    intensity: 1,
  });

  it('is reproduced within two levels at full resolution', () => {
    const wanted = documentOf(look).data;
    let worst = 0;
    let sum = 0;
    for (let i = 0; i < wanted.length; i++) {
      const error = Math.abs(result.data[i]! - wanted[i]!);
      worst = Math.max(worst, error);
      sum += error;
    }
    expect(sum / wanted.length).toBeLessThan(1);
    expect(worst).toBeLessThanOrEqual(4);
  });

  it('keeps the texture within 5 % of what the tint itself does to it', () => {
    const ground = [0, 230, DOCUMENT.width, DOCUMENT.height - 230] as const;
    const ratio = sharpness(result, ...ground) / sharpness(page, ...ground);
    expect(ratio / 0.9 ** 2).toBeGreaterThan(0.95);
    expect(ratio / 0.9 ** 2).toBeLessThan(1.05);
  });
});

describe('a new object', () => {
  const color = [1, 0.9, 0.3] as const;
  const centre = [0.35, 0.7] as const;
  const radius = 0.07;
  const page = documentOf(landscape);
  const { data } = createCompositor(
    workingEdit(landscape, withDisc(landscape, centre, radius, color)),
  ).apply(page, WHOLE, { intensity: 1 });
  const distance = (x: number, y: number) =>
    Math.hypot(
      x / DOCUMENT.width - centre[0],
      ((y / DOCUMENT.height - centre[1]) * DOCUMENT.height) / DOCUMENT.width,
    );

  it('appears in its colour, without the texture that it covers', () => {
    for (let y = 0; y < DOCUMENT.height; y++) {
      for (let x = 0; x < DOCUMENT.width; x++) {
        if (distance(x, y) > radius * 0.6) continue;
        for (const [k, value] of color.entries()) {
          const error = Math.abs(data[at(x, y) + k]! - value * 255);
          if (error > 8) expect.fail(`channel ${k} at ${x}, ${y} is off by ${error} levels`);
        }
      }
    }
  });

  it('bleeds no further than twice its radius', () => {
    for (let y = 0; y < DOCUMENT.height; y++) {
      for (let x = 0; x < DOCUMENT.width; x++) {
        if (distance(x, y) < radius * 2.4) continue;
        for (let k = 0; k < 3; k++) {
          const change = Math.abs(data[at(x, y) + k]! - page.data[at(x, y) + k]!);
          if (change > 2) expect.fail(`changed by ${change} levels at ${x}, ${y}`);
        }
      }
    }
  });
});

describe('a soft light', () => {
  /** Of 0.4 at its brightest, falling off with a deviation of so many working pixels. */
  const light = (deviation: number) => (u: number, v: number) => {
    const square = ((u - 0.4) * WORKING.width) ** 2 + ((v - 0.5) * WORKING.height) ** 2;
    return 0.4 * Math.exp(-square / (2 * deviation ** 2));
  };
  const haze: Scene = (u, v) => {
    const noise = 0.04 * Math.sin(u * 300) * Math.sin(v * 200);
    return [0.45 + noise, 0.5 + noise, 0.6 + noise];
  };
  /** Greatest second difference, working pixel by working pixel: where a seam would be. */
  const sharpestBend = (line: number[]) =>
    Math.max(...line.slice(2).map((value, i) => Math.abs(value - 2 * line[i + 1]! + line[i]!)));

  it.each([6, 9])('of deviation %i fades into the photograph without a seam', (deviation) => {
    const wanted = light(deviation);
    const lit: Scene = (u, v) => {
      const [r, g, b] = haze(u, v);
      const change = wanted(u, v);
      return [r + change, g + 0.6 * change, b - change];
    };
    const page = documentOf(haze, { sample: 'float32', range: 1 });
    const { data } = createCompositor(workingEdit(haze, lit)).apply(page, WHOLE, { intensity: 1 });
    const y = DOCUMENT.height / 2;
    const mean = (x: number, value: (x: number) => number) =>
      Array.from({ length: SCALE }, (_, i) => value(x * SCALE + i)).reduce((a, b) => a + b) / SCALE;
    const columns = Array.from({ length: WORKING.width }, (_, x) => x);
    const result = columns.map((column) =>
      mean(column, (x) => data[at(x, y)]! - page.data[at(x, y)]!),
    );
    const ideal = columns.map((column) =>
      mean(column, (x) => wanted((x + 0.5) / DOCUMENT.width, (y + 0.5) / DOCUMENT.height)),
    );
    expect(Math.max(...result)).toBeGreaterThan(0.3);
    expect(sharpestBend(result)).toBeLessThan(1.5 * sharpestBend(ideal));
  });
});

describe('a 16-bit sky', () => {
  it('stays a gradient: no step, no turn', () => {
    const sky: Scene = (_u, v) => [0.2 + 0.5 * v, 0.3 + 0.5 * v, 0.6 + 0.3 * v];
    const dusk: Scene = (u, v) => {
      const [r, g, b] = sky(u, v);
      return [Math.min(1, r * 1.2), g * 0.8, b * b];
    };
    const page = documentOf(sky, { sample: 'uint16', range: 32768 });
    const { data } = createCompositor(workingEdit(sky, dusk)).apply(page, WHOLE, { intensity: 1 });
    const column = Math.floor(DOCUMENT.width / 2);
    for (let k = 0; k < 3; k++) {
      for (let y = 1; y < DOCUMENT.height; y++) {
        const step = data[at(column, y) + k]! - data[at(column, y - 1) + k]!;
        expect(step).toBeGreaterThanOrEqual(0);
        // The steepest wanted slope is 0.6 of the range over the height; twice that would be a visible band.
        expect(step).toBeLessThan((2 * 0.6 * 32768) / DOCUMENT.height);
      }
    }
  });
});

describe('a hard edge', () => {
  it('gets no halo when only one side of it is graded', () => {
    const sides: Scene = (u) => (u < 0.5037 ? [0.1, 0.1, 0.12] : [0.85, 0.85, 0.8]);
    const graded: Scene = (u) => (u < 0.5037 ? [0.1, 0.1, 0.12] : [0.75, 0.5, 0.3]);
    const page = documentOf(sides);
    const { data } = createCompositor(workingEdit(sides, graded)).apply(page, WHOLE, {
      intensity: 1,
    });
    const wanted = documentOf(graded).data;
    for (let x = 0; x < DOCUMENT.width; x++) {
      for (let k = 0; k < 3; k++) {
        const i = at(x, DOCUMENT.height / 2) + k;
        const error = Math.abs(data[i]! - wanted[i]!);
        if (error > 5) expect.fail(`halo of ${error} levels at column ${x}, channel ${k}`);
      }
    }
  });
});

describe('drift', () => {
  it('is not taken for content: a picture moved by two working pixels keeps its texture and its place', () => {
    const stripes: Scene = (u, v) => {
      const value = 0.5 + 0.3 * Math.sign(Math.sin(u * 60)) * Math.sign(Math.sin(v * 40));
      return [value, value, value];
    };
    const moved: Scene = (u, v) => stripes(u + 1 / WORKING.width, v);
    const page = documentOf(stripes);
    const { data } = createCompositor(workingEdit(stripes, moved)).apply(page, WHOLE, {
      intensity: 1,
    });
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - page.data[i]!);
    expect(sum / data.length).toBeLessThan(4);
  });
});

describe('the fit', () => {
  it('survives being cloned as plain data', () => {
    const fit = fitEdit(workingEdit(landscape, tinted(landscape, [1, 0.7, 0.5], [0, 0, 0.1])));
    const page = documentOf(landscape);
    const direct = compositorOf(fit).apply(page, WHOLE, { intensity: 1 });
    const cloned = compositorOf(structuredClone(fit)).apply(page, WHOLE, { intensity: 1 });
    expect(Buffer.compare(direct.data as Uint8Array, cloned.data as Uint8Array)).toBe(0);
  });
});
