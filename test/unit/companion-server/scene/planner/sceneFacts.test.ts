import { readScene } from '@emoeditor/companion-server/scene/maps/readScene.ts';
import type { SceneClass } from '@emoeditor/companion-server/scene/maps/sceneNetworks.ts';
import {
  sceneFacts,
  unconfirmedNeeds,
} from '@emoeditor/companion-server/scene/planner/sceneFacts.ts';
import { describe, expect, it } from 'vitest';
import { scriptedScene } from '../maps/scriptedScene.ts';
import { OPEN_COUNTRY } from './facts.ts';

const WIDTH = 64;
const HEIGHT = 48;
const picture = (valueAt: (x: number, y: number) => number) => ({
  width: WIDTH,
  height: HEIGHT,
  rgb: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const at = Math.floor(i / 3);
    return valueAt((at % WIDTH) / WIDTH, Math.floor(at / WIDTH) / HEIGHT);
  }),
});

async function factsOf(
  classAt: (x: number, y: number) => SceneClass,
  { sure = 0.95, valueAt = (_x: number, y: number): number => (y < 0.5 ? 200 : 90) } = {},
) {
  const seen = picture(valueAt);
  const maps = await readScene(seen, scriptedScene({ classAt, sure }));
  return { facts: sceneFacts(maps, seen), maps, seen };
}

const halfSky = (_x: number, y: number): SceneClass => (y < 0.5 ? 'sky' : 'ground');

describe('facts of a scene', () => {
  it('bounds shares by what the maps are sure of', async () => {
    const { facts } = await factsOf(halfSky);
    expect(facts.sky.low).toBeGreaterThan(0.4);
    expect(facts.sky.low).toBeLessThanOrEqual(facts.sky.high);
    expect(facts.sky.high).toBeLessThan(0.62);
    expect(facts.outdoors.low).toBe(1);
    expect(facts.horizon.low).toBeGreaterThan(0.35);
    expect(facts.horizon.high).toBeLessThan(0.65);
  });

  it('confirms nothing of a map of halves', async () => {
    const { facts } = await factsOf(halfSky, { sure: 0.5 });
    expect(facts.sky.low).toBe(0);
    expect(unconfirmedNeeds(facts, { sky: { min: 0.1 } })).toEqual(['sky']);
  });

  it('takes walls for indoors, where distance is no air', async () => {
    const { facts } = await factsOf(() => 'building');
    expect(facts.outdoors.low).toBe(0);
    expect(unconfirmedNeeds(facts, { depth: { min: 0.01 } })).toEqual(['depth']);
  });

  it('finds hard light where lit and shaded parts lie stops apart, and none on a grey day', async () => {
    const hard = await factsOf(() => 'ground', { valueAt: (x) => (x < 0.5 ? 230 : 40) });
    const soft = await factsOf(() => 'ground', { valueAt: (x) => 120 + 8 * Math.sin(40 * x) });
    expect(hard.facts.directLight.low).toBeGreaterThan(0.8);
    expect(soft.facts.directLight.low).toBeLessThan(0.1);
    expect(soft.facts.brightness.low).toBeCloseTo(120 / 255, 1);
  });

  it('says in a sentence that maps are of another picture', async () => {
    const { maps, seen } = await factsOf(halfSky);
    const other = { ...seen, width: WIDTH / 2, height: HEIGHT * 2 };
    expect(() => sceneFacts(maps, other)).toThrow(
      "Expected maps of 32×96, the picture's size, but received 64×48.",
    );
  });
});

describe('needs', () => {
  it('are confirmed by bounds, not by the middle', () => {
    const sky = { low: 0.05, high: 0.3, confidence: 0.9 };
    const facts = { ...OPEN_COUNTRY, sky };
    expect(unconfirmedNeeds(facts, { sky: { min: 0.1 } })).toEqual(['sky']);
    expect(unconfirmedNeeds(facts, { sky: { max: 0.2 } })).toEqual(['sky']);
    expect(unconfirmedNeeds(facts, { sky: { min: 0.05, max: 0.3 } })).toEqual([]);
  });

  it('are not confirmed by a map that is unsure', () => {
    const facts = { ...OPEN_COUNTRY, sky: { low: 0.4, high: 0.5, confidence: 0.3 } };
    expect(unconfirmedNeeds(facts, { sky: { min: 0.1 } })).toEqual(['sky']);
  });

  it('are not confirmed of windows in a wall without any', async () => {
    const { facts } = await factsOf(() => 'building');
    expect(unconfirmedNeeds(facts, { windows: { min: 0.001 } })).toEqual(['windows']);
  });
});
