import type { SceneFacts } from '@emoeditor/companion-server/scene/planner/sceneFacts.ts';

const exactly = (value: number) => ({ low: value, high: value, confidence: 1 });

/** A scene that has everything: sky, ground, depth, a horizon, lamps, no face. */
export const OPEN_COUNTRY: SceneFacts = {
  sky: exactly(0.4),
  ground: exactly(0.3),
  water: exactly(0),
  vegetation: exactly(0.2),
  building: exactly(0.1),
  person: exactly(0),
  face: exactly(0),
  subject: exactly(0.05),
  lights: exactly(0.01),
  windows: exactly(0.01),
  outdoors: exactly(1),
  depth: exactly(0.6),
  horizon: exactly(0.5),
  brightness: exactly(0.5),
  directLight: exactly(0.5),
};
