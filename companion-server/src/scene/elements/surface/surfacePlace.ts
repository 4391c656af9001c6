import type { SceneView } from '../elementRenderer.ts';
import { horizonRow } from '../light/sceneNumbers.ts';

/** How the ground lies under the picture, for patterns on it. */
export interface SurfacePlane {
  /** Row that the perspective comes from, and its distance to the lower border; shares of the long side. */
  readonly horizon: number;
  readonly reference: number;
  /** Whether there is a horizon to trust. */
  readonly known: boolean;
}

export function surfacePlane(view: SceneView): SurfacePlane {
  const { extent, maps } = view;
  const height = extent.height / Math.max(extent.width, extent.height);
  const horizon = horizonRow(view) - 0.1;
  return {
    horizon,
    reference: height - horizon,
    known: maps.horizon !== null && maps.horizon.confidence > 0.5 && height - horizon > 0.15,
  };
}

/**
 * Coordinates on the ground of a row of pixels: how much wider a unit is than in the picture, and the place along.
 * Patterns that lie on walls take the picture's own coordinates instead.
 */
export function groundRow({ horizon, reference }: SurfacePlane, y: number) {
  const across = reference / Math.max(0.06, y - horizon);
  return {
    across,
    along: -(reference * 0.7 * across),
    /** Size of a pixel on the ground relative to one of the picture: a distant row covers more ground. */
    stretch: Math.max(across, 0.7 * across * across),
  };
}
