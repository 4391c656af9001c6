import { readScene, type ScenePicture } from '@emoeditor/companion-server/scene/maps/readScene.ts';
import { SCENE_MAPS, shareOf } from '@emoeditor/companion-server/scene/maps/sceneMaps.ts';
import { describe, expect, it } from 'vitest';
import { scriptedScene } from './scriptedScene.ts';

/** Pale sky over brown ground, the border at a height that is not one of the network's cells. */
function coast(width = 120, height = 80, border = 33): ScenePicture {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    rgb.set(Math.floor(i / width) < border ? [170, 200, 240] : [90, 70, 40], i * 3);
  }
  return { width, height, rgb };
}
const skyAbove = (share: number) =>
  scriptedScene({ classAt: (_, y) => (y < share ? 'sky' : 'ground'), sure: 0.93 });

describe('maps of a scene', () => {
  it('move the borders of the cells to the edges of the picture', async () => {
    // The nearest border of cells lies at 35 of 80 rows.
    const { planes, extent } = await readScene(coast(), skyAbove(0.44));
    expect(extent).toEqual({ width: 120, height: 80 });
    const column = (y: number) => planes.sky[y * 120 + 60] as number;
    expect(column(32)).toBeGreaterThan(0.6);
    expect(column(33)).toBeLessThan(0.45);
    expect(column(32) - column(33)).toBeGreaterThan(0.25);
  });

  it('turn the mirror image back, which is looked at too', async () => {
    const halves = scriptedScene({ classAt: (x) => (x < 0.25 ? 'water' : 'ground') });
    const { planes } = await readScene(coast(), halves);
    const row = (x: number) => planes.water[70 * 120 + x] as number;
    expect(row(10)).toBeGreaterThan(0.95);
    expect(row(110)).toBeLessThan(0.05);
  });

  it('are shares that sum to 1, and every map lies in 0 … 1', async () => {
    const { planes } = await readScene(coast(), skyAbove(0.44));
    for (const name of SCENE_MAPS) {
      expect(planes[name]).toHaveLength(120 * 80);
      expect(Math.min(...planes[name])).toBeGreaterThanOrEqual(0);
      expect(Math.max(...planes[name])).toBeLessThanOrEqual(1);
    }
    expect(shareOf(planes.sky) + shareOf(planes.ground)).toBeGreaterThan(0.9);
  });

  it('are surer where the network is surer, and not at all of what is not there', async () => {
    const classAt = (_: number, y: number) => (y < 0.44 ? ('sky' as const) : ('ground' as const));
    const sure = await readScene(coast(), scriptedScene({ classAt, sure: 0.99 }));
    const unsure = await readScene(coast(), scriptedScene({ classAt, sure: 0.55 }));
    expect(sure.confidence.sky).toBeGreaterThan(unsure.confidence.sky + 0.2);
    expect(sure.confidence.face).toBe(0);
  });

  it('puts the sky behind everything and what is lower in front', async () => {
    const { planes } = await readScene(coast(), skyAbove(0.44));
    const at = (y: number) => planes.depth[y * 120 + 60] as number;
    expect(at(10)).toBeGreaterThan(0.9);
    expect(at(45)).toBeLessThan(at(10));
    expect(at(75)).toBeLessThan(at(45));
  });

  it('put what stands as far away as its foot', async () => {
    // A tower from the sky to low in the picture, in front of ground that reaches up to the horizon.
    const tower = scriptedScene({
      classAt: (x, y) =>
        x > 0.5 && x < 0.75 && y < 0.9 ? 'building' : y < 0.44 ? 'sky' : 'ground',
    });
    const { planes } = await readScene(coast(), tower);
    const at = (x: number, y: number) => planes.depth[y * 120 + x] as number;
    expect(at(75, 45)).toBeLessThan(at(20, 45) - 0.2);
    expect(at(75, 45)).toBeCloseTo(at(75, 60), 0);
  });

  it('finds the horizon where the water ends', async () => {
    const water = scriptedScene({ classAt: (_, y) => (y < 0.44 ? 'sky' : 'water') });
    const { horizon } = await readScene(coast(), water);
    expect(horizon?.left).toBeCloseTo(33 / 80, 1);
    expect(horizon?.confidence).toBeGreaterThan(0.8);
    const wall = scriptedScene({ classAt: () => 'building' });
    expect((await readScene(coast(), wall)).horizon).toBeNull();
  });

  it('sees a small bright spot in the dark as a light, not a bright wall and not the moon', async () => {
    const rgb = new Uint8Array(120 * 80 * 3).fill(25);
    const put = (x0: number, y0: number, side: number) => {
      for (let y = y0; y < y0 + side; y++)
        rgb.fill(240, (y * 120 + x0) * 3, (y * 120 + x0 + side) * 3);
    };
    put(20, 60, 3);
    put(70, 50, 28);
    put(60, 10, 3);
    const { planes } = await readScene({ width: 120, height: 80, rgb }, skyAbove(0.44));
    const at = (x: number, y: number) => planes.lights[y * 120 + x] as number;
    expect(at(21, 61)).toBeGreaterThan(0.8);
    expect(at(84, 64)).toBeLessThan(0.05);
    expect(at(61, 11)).toBeLessThan(0.3);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(readScene(coast(), skyAbove(0.44), controller.signal)).rejects.toThrow('enough');
  });
});
