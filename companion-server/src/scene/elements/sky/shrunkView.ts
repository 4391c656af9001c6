import { SCENE_MAPS } from '../../maps/sceneMaps.ts';
import type { LightPlanes, SceneView } from '../elementRenderer.ts';
import { shrinkingTo } from '../light/shrink.ts';

/** Long side that is enough for colours, wide blurs and places. */
const SIDE = 256;

/** A scene at a smaller size. */
export function shrunkView(view: SceneView): SceneView {
  const { extent, shrink: shrunk } = shrinkingTo(SIDE, view.extent);
  if (extent.width === view.extent.width && extent.height === view.extent.height) return view;
  const { maps } = view;
  const planes = Object.fromEntries(
    SCENE_MAPS.map((name) => [name, shrunk(maps.planes[name])]),
  ) as unknown as typeof maps.planes;
  return {
    extent,
    light: view.light.map(shrunk) as unknown as LightPlanes,
    maps: { ...maps, extent, planes, guide: shrunk(maps.guide) },
    skyColour: null,
  };
}
