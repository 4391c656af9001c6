import type { ClassPlanes } from '@emoeditor/companion-server/scene/maps/classPlanes.ts';
import { findHorizon } from '@emoeditor/companion-server/scene/maps/horizon.ts';
import {
  SCENE_CLASSES,
  type SceneClass,
} from '@emoeditor/companion-server/scene/maps/sceneNetworks.ts';
import { expect, it } from 'vitest';

const extent = { width: 8, height: 60 };

function planes(classAt: (x: number, y: number) => SceneClass): ClassPlanes {
  const plane = (name: SceneClass) =>
    Float32Array.from({ length: extent.width * extent.height }, (_, i) =>
      classAt(i % extent.width, Math.floor(i / extent.width)) === name ? 1 : 0,
    );
  return Object.fromEntries(SCENE_CLASSES.map((name) => [name, plane(name)])) as ClassPlanes;
}

it('is where NumPy says, of a bay beside a wooded shore', () => {
  const bay = planes((x, y) => {
    if (y < 21) return 'sky';
    if (x < 5 && y < 40) return 'water';
    return x >= 5 && y < 30 ? 'vegetation' : 'ground';
  });
  const found = findHorizon(bay, extent);
  // `find(model, profile(ids))` of training/scene_maps/horizon.py with the weights of horizonWeights.ts.
  expect(found?.left).toBeCloseTo(0.358087, 5);
  expect(found?.confidence).toBeCloseTo(0.937028, 4);
});
