import type { Plane } from '../../../compositor/planes.ts';
import { SCENE_MAPS } from '../../maps/sceneMaps.ts';
import type { LightPlanes, SceneView } from '../elementRenderer.ts';

/** Long side that is enough for colours, wide blurs and places. */
const SIDE = 256;

/** A scene at a smaller size: every pixel is the mean of those that fall into it. */
export function shrunkView(view: SceneView): SceneView {
  const { width, height } = view.extent;
  const scale = Math.min(1, SIDE / Math.max(width, height));
  if (scale === 1) return view;
  const extent = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const cells = new Uint32Array(width * height);
  const counts = new Float32Array(extent.width * extent.height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y * extent.height) / height) * extent.width;
    for (let x = 0; x < width; x++, i++) {
      const cell = row + Math.floor((x * extent.width) / width);
      cells[i] = cell;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  const shrunk = (plane: Plane): Plane => {
    const out = new Float32Array(counts.length);
    for (let i = 0; i < plane.length; i++) {
      const cell = cells[i] as number;
      out[cell] = (out[cell] as number) + (plane[i] as number);
    }
    return out.map((sum, cell) => sum / (counts[cell] as number));
  };
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
