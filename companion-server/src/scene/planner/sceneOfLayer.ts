import { type Extent, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import type { WorkingEdit } from '../../compositor/compositor.ts';
import { type FitSettings, fitEdit } from '../../compositor/fit/fitEdit.ts';
import { compositorOf } from '../../compositor/tile/tileCompositor.ts';
import type { DrawablePlan } from '../drawablePlan.ts';
import type { SceneView } from '../elements/elementRenderer.ts';
import type { PreparedScene } from '../elements/preparedScene.ts';
import { prepareScene, renderScene } from '../elements/prepareScene.ts';
import { lightOf, sceneView, tonesOf } from '../elements/sceneView.ts';
import type { SceneMaps } from '../maps/sceneMaps.ts';

/** A photograph as its elements are prepared: larger than the model sees it, so that panes and reflections are sharp. */
export interface Stage {
  readonly extent: Extent;
  /** Interleaved sRGB. */
  readonly rgb: Uint8Array;
  readonly maps: SceneMaps;
}

/**
 * A plan prepared for the layer of an edit: on the photograph as the edit's grade leaves it.
 * @param edit in sRGB
 * @throws SceneError, CompositorError BAD_EDIT
 */
export function sceneOfLayer(
  edit: WorkingEdit,
  settings: FitSettings,
  stage: Stage,
  plan: DrawablePlan,
): PreparedScene {
  return prepareScene(gradedStage(edit, settings, stage), plan);
}

/**
 * The layer with its plan carried out, as large as the stage.
 * @returns planar sRGB [3, H, W] in [0, 1]
 * @throws as sceneOfLayer does
 */
export function layerOnStage(
  edit: WorkingEdit,
  settings: FitSettings,
  stage: Stage,
  plan: DrawablePlan,
): Float32Array {
  return tonesOf(renderScene(gradedStage(edit, settings, stage), plan).light);
}

/** The stage as the edit's grade leaves it. */
function gradedStage(edit: WorkingEdit, settings: FitSettings, stage: Stage): SceneView {
  const { extent } = stage;
  const { profile: _profile, ...inSrgb } = settings;
  const { photograph, view } = seenOf(stage);
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const graded = compositorOf(fitEdit(edit, inSrgb)).apply(photograph, place, { intensity: 1 });
  return { ...view, light: lightOf(planesOf(graded.data as Float32Array)) };
}

interface SeenStage {
  readonly photograph: PixelBuffer;
  /** The photograph without an edit. */
  readonly view: SceneView;
}

/** Kept with their photograph: each iteration of an edit is drawn on the same stage. */
const seen = new WeakMap<Uint8Array, SeenStage>();

function seenOf({ extent, rgb, maps }: Stage): SeenStage {
  const known = seen.get(rgb);
  if (known !== undefined) return known;
  const data = new Float32Array(rgb.length);
  for (let i = 0; i < data.length; i++) data[i] = (rgb[i] as number) / 255;
  const kind = { channels: 3, sample: 'float32', range: 1, profile: SRGB_PROFILE } as const;
  const planes = planesOf(data);
  const photograph = { format: { ...extent, ...kind }, data };
  const made = { photograph, view: sceneView(planes, planes, extent, maps) };
  seen.set(rgb, made);
  return made;
}

/** Interleaved → planar. */
function planesOf(data: Float32Array): Float32Array {
  const pixels = data.length / 3;
  const out = new Float32Array(data.length);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) out[k * pixels + i] = data[3 * i + k] as number;
  }
  return out;
}
