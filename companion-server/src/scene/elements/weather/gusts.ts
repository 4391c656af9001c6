import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { luminancePlane, percentile } from '../light/sceneNumbers.ts';
import { noiseTable, octaves2 } from '../sky/gradientNoise.ts';

/** Weather that rain and snow share; planes of the extent given. */
export interface Weather {
  readonly extent: Extent;
  /** Drifting sheets: denser and thinner air, about −1 … 1. */
  readonly sheets: Plane;
  /** Luminance of the picture, blurred. */
  readonly soft: Plane;
  /** Luminance of the sky as seen in drops and on flakes. */
  readonly bright: number;
}

/** @param view of a few hundred pixels */
export function weatherOf(
  view: SceneView,
  across: number,
  down: number,
  share: number,
  seed: number,
): Weather {
  const { extent } = view;
  const luma = luminancePlane(view.light);
  const table = noiseTable(seed);
  const side = Math.max(extent.width, extent.height);
  const sheets = luma.map((_, i) => {
    const x = (i % extent.width) / side;
    const y = Math.floor(i / extent.width) / side;
    return octaves2(table, x * across + y * 0.7, y * down, 4, 0.5, across / side);
  });
  return { extent, sheets, soft: blurred(luma, extent, 0.03), bright: percentile(luma, share) };
}
