import type {
  ElementTile,
  LightPlanes,
} from '@emoeditor/companion-server/scene/elements/elementRenderer.ts';
import type { Backdrop } from '@emoeditor/companion-server/scene/elements/sky/backdrop.ts';
import { renderBackdrop } from '@emoeditor/companion-server/scene/elements/sky/renderBackdrop.ts';
import { matteSky } from '@emoeditor/companion-server/scene/elements/skyMatte.ts';
import { blackBody } from '@emoeditor/companion-server/scene/elements/sparks/blackBody.ts';
import { describe, expect, it } from 'vitest';

const EXTENT = { width: 8, height: 6 };
const PIXELS = EXTENT.width * EXTENT.height;
const evenly = (...colour: readonly [number, number, number]) =>
  colour.map((value) => new Float32Array(PIXELS).fill(value)) as unknown as LightPlanes;

const OLD = [0.8, 0.85, 0.95] as const;
const WALL = [0.2, 0.1, 0.05] as const;
const NEW = [0.1, 0.12, 0.3] as const;

function backdropOf(keepsSky = false): Backdrop {
  return {
    keepsSky,
    sky: { extent: EXTENT, light: evenly(...NEW) },
    extent: EXTENT,
    oldSky: evenly(...OLD),
    front: evenly(...WALL),
    base: new Float32Array(PIXELS).fill(0.1),
    ground: { gain: [1, 1, 1], flatten: 0, night: null, veil: 0 },
    low: NEW,
    glare: new Float32Array(PIXELS),
    mirror: null,
    grain: 0,
    seed: 1,
  };
}

function tileOf(colour: readonly [number, number, number], sky: number): ElementTile {
  const mask = new Float32Array(PIXELS).fill(sky);
  const bounds = { left: 0, top: 0, ...EXTENT };
  return { bounds, extent: EXTENT, light: evenly(...colour), map: () => mask };
}

const mixed = (
  a: readonly number[],
  b: readonly number[],
  share: number,
): [number, number, number] => {
  const at = (k: number) => share * a[k]! + (1 - share) * b[k]!;
  return [at(0), at(1), at(2)];
};

describe('A new sky behind the photograph', () => {
  it.each([0.2, 0.5, 0.8])('replaces the old sky in pixels that are %f sky', (share) => {
    const tile = tileOf(mixed(OLD, WALL, share), share);
    renderBackdrop(backdropOf(), tile);
    const expected = mixed(NEW, WALL, share);
    for (const k of [0, 1, 2] as const) expect(tile.light[k][9]).toBeCloseTo(expected[k], 2);
  });

  it('leaves what is not sky as it was, when the ground does not follow', () => {
    const tile = tileOf(WALL, 0);
    renderBackdrop(backdropOf(), tile);
    for (const k of [0, 1, 2] as const) expect(tile.light[k][9]).toBeCloseTo(WALL[k], 6);
  });

  it("adds to a night's sky, and draws on it, without touching the ground", () => {
    const sky = tileOf(OLD, 1);
    renderBackdrop(backdropOf(true), sky, (light) => {
      light[0][9] = light[0][9]! + 1;
    });
    expect(sky.light[0][9]).toBeCloseTo(OLD[0] + NEW[0] + 1, 5);
    expect(sky.light[0][10]).toBeCloseTo(OLD[0] + NEW[0], 5);
    const ground = tileOf(WALL, 0);
    renderBackdrop(backdropOf(true), ground);
    expect(ground.light).toEqual(evenly(...WALL));
  });
});

describe('The matte of the sky', () => {
  const matteOf = (prior: number, tone: readonly [number, number, number]) => {
    const sky = new Float32Array(PIXELS).fill(prior);
    matteSky(sky, evenly(...tone), evenly(0.25, 0.45, 0.8));
    return sky[0]!;
  };

  it('keeps a white cloud where the map is rather sure, and a white wall where it is not', () => {
    expect(matteOf(0.94, [0.95, 0.95, 0.96])).toBeGreaterThan(0.85);
    expect(matteOf(0.4, [0.95, 0.95, 0.96])).toBeLessThan(0.1);
  });

  it('lets dark wires stand out of a sure sky', () => {
    expect(matteOf(1, [0.05, 0.05, 0.06])).toBeLessThan(0.1);
  });
});

describe('A black body', () => {
  it('is red at 1,800 K, yellow-white at 4,000 K and white at 6,500 K', () => {
    const [red, green, blue] = blackBody(1800);
    expect([red, green > 0.1 && green < 0.35, blue < 0.01]).toEqual([1, true, true]);
    expect(blackBody(4000)[2]).toBeGreaterThan(0.3);
    for (const value of blackBody(6500)) expect(value).toBeGreaterThan(0.9);
  });
});
