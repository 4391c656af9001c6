import { createHash } from 'node:crypto';
import {
  type EditRequest,
  type Extent,
  type OfferedInstruction,
  SRGB_PROFILE,
  targetDistribution,
  workingExtent,
} from '@emoeditor/shared';
import { resizePicture } from '../imaging/resizePicture.ts';
import type { Picture } from '../pipeline/edit.ts';
import { encodeDirections } from '../pipeline/emotionDirection.ts';
import type { SceneStylist } from '../pipeline/sceneStylist.ts';
import type { SceneInstruction } from '../scene/bank/bankSchema.ts';
import type { DrawablePlan } from '../scene/drawablePlan.ts';
import type { SceneView } from '../scene/elements/elementRenderer.ts';
import { isRendered } from '../scene/elements/renderers.ts';
import { sceneView } from '../scene/elements/sceneView.ts';
import { readScene, SCENE_AREA } from '../scene/maps/readScene.ts';
import type { SceneMaps } from '../scene/maps/sceneMaps.ts';
import type { SceneNetworks } from '../scene/maps/sceneNetworks.ts';
import type { ScoreParts } from '../scene/planner/instructionScores.ts';
import { layerOnStage } from '../scene/planner/sceneOfLayer.ts';
import { createSceneSearch } from '../scene/planner/sceneSearch.ts';
import { bytesOfPlanes, planesOfBytes } from '../tensor/tensorKernel.ts';

/** What a bundle brings for scenes. */
export interface SceneBundle extends ScoreParts {
  readonly networks: SceneNetworks;
  /** Whether elements are added where a request says nothing: not where the model paints by itself. */
  readonly isDefault: boolean;
}

/** Longest side of the picture that elements are prepared from. */
const STAGE_SIDE = 640;

/** Scenes by the networks and instructions of a bundle. */
export function createSceneStylist(bundle: SceneBundle): SceneStylist {
  const read = rememberingReader(bundle.networks);
  return {
    async open(request, proxy, source, encoder, signal) {
      if (!wantsElements(request, bundle)) return null;
      const { picture, maps, stage, viewOf } = await read(proxy, signal);
      signal.throwIfAborted();
      const [, , height = 0, width = 0] = source.dims;
      const search = createSceneSearch({
        ...bundle,
        read: { picture, maps },
        view: viewOf(source.data, { width, height }),
        target: targetDistribution(request.target),
        seed: request.seed,
        choice: request.scene,
        async encode(direction) {
          if (encoder === undefined) return null;
          const [tokens] = await encodeDirections(encoder, [direction]);
          return tokens?.data ?? null;
        },
      });
      const extent = { width: stage.width, height: stage.height };
      const drawn = { extent, rgb: stage.rgb, maps };
      return {
        ...search,
        stage: drawn,
        async drawDelivered(plan, edit, delivery) {
          const settings = { profile: SRGB_PROFILE, ...delivery };
          const layer = layerOnStage(edit, settings, drawn, plan as DrawablePlan);
          const small = await resized({ ...extent, rgb: bytesOfPlanes(layer) }, { width, height });
          return planesOfBytes(small.rgb);
        },
      };
    },
  };
}

function wantsElements({ mode, scene }: EditRequest, { isDefault }: SceneBundle): boolean {
  if (mode !== 'fast') return false;
  return scene === undefined ? isDefault : scene.elements;
}

/** A picture as it was read, and its maps. */
interface SceneRead {
  readonly picture: Picture;
  readonly maps: SceneMaps;
  /** What elements are prepared from for the layer. */
  readonly stage: Picture;
  /** The same at working size, of the last size that was asked for. @param source the picture, planar sRGB */
  viewOf(source: Float32Array, extent: Extent): SceneView;
}

/** Photographs whose scenes are kept: one is often edited several times in a row. */
const KEPT = 4;

/** Reads the scenes of pictures, each once while it is among the last few. */
function rememberingReader(networks: SceneNetworks) {
  const known = new Map<string, SceneRead>();
  return async (proxy: Picture, signal: AbortSignal): Promise<SceneRead> => {
    const key = `${proxy.width} ${createHash('sha256').update(proxy.rgb).digest('hex')}`;
    const found = known.get(key) ?? (await sceneRead(proxy, networks, signal));
    // Set again to move it to the end: the first entry is the one not used for longest.
    known.delete(key);
    known.set(key, found);
    const oldest = known.size > KEPT ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return found;
  };
}

async function sceneRead(
  proxy: Picture,
  networks: SceneNetworks,
  signal: AbortSignal,
): Promise<SceneRead> {
  const picture = await resized(proxy, readExtent(proxy));
  const maps = await readScene(picture, networks, signal);
  const stage = await within(proxy, STAGE_SIDE);
  let view: SceneView | null = null;
  return {
    ...{ picture, maps, stage },
    viewOf(source, extent) {
      const { width, height } = view?.extent ?? { width: 0, height: 0 };
      if (view === null || width !== extent.width || height !== extent.height)
        view = sceneView(source, source, extent, maps);
      return view;
    },
  };
}

const readExtent = (proxy: Picture) => workingExtent(proxy, SCENE_AREA, 1);

/** What a user may choose from: instructions whose elements can all be drawn. */
export const offeredInstructions = (
  instructions: readonly SceneInstruction[],
): OfferedInstruction[] =>
  instructions
    .filter(({ elements }) => elements.every(({ element }) => isRendered(element)))
    .map(({ id, emotion, texts }) => ({ id, emotion, sentence: texts[0] ?? id }));

function within(picture: Picture, longest: number): Promise<Picture> {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resized(picture, { width: side(picture.width), height: side(picture.height) });
}

async function resized(picture: Picture, extent: Extent): Promise<Picture> {
  const { width, height, rgb } = picture;
  if (width === extent.width && height === extent.height) return { width, height, rgb };
  return resizePicture({ width, height, rgb }, extent);
}
