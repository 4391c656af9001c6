import { type Extent, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import type { WorkingEdit } from '../../compositor/compositor.ts';
import { type FitSettings, fitEdit } from '../../compositor/fit/fitEdit.ts';
import { compositorOf } from '../../compositor/tile/tileCompositor.ts';
import type { SceneView } from '../elements/elementRenderer.ts';
import type { PreparedScene } from '../elements/preparedScene.ts';
import { prepareScene, renderScene } from '../elements/prepareScene.ts';
import { sceneView, tonesOf } from '../elements/sceneView.ts';
import type { SceneMaps } from '../maps/sceneMaps.ts';
import type { ScenePlan } from '../scenePlan.ts';

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
  plan: ScenePlan,
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
  plan: ScenePlan,
): Float32Array {
  return tonesOf(renderScene(gradedStage(edit, settings, stage), plan).light);
}

/** The stage as the edit's grade leaves it. */
function gradedStage(
  edit: WorkingEdit,
  settings: FitSettings,
  { extent, rgb, maps }: Stage,
): SceneView {
  const { profile: _profile, ...inSrgb } = settings;
  const kind = { channels: 3, sample: 'float32', range: 1, profile: SRGB_PROFILE } as const;
  const photograph: PixelBuffer = {
    format: { ...extent, ...kind },
    data: Float32Array.from(rgb, (value) => value / 255),
  };
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const graded = compositorOf(fitEdit(edit, inSrgb)).apply(photograph, place, { intensity: 1 });
  return sceneView(
    planesOf(graded.data as Float32Array),
    planesOf(photograph.data as Float32Array),
    extent,
    maps,
  );
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
