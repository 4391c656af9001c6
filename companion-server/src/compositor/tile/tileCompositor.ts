import { byteLength, MAX_GRAIN, type PixelBuffer } from '@emoeditor/shared';
import { sameSpace } from '../../imaging/colourProfiles.ts';
import type { CompositeSettings, Compositor, TilePlace, WorkingEdit } from '../compositor.ts';
import { CompositorError } from '../compositorError.ts';
import { type EditFit, type FitSettings, fitEdit } from '../fit/fitEdit.ts';
import { separable } from './parts.ts';
import { compositeRows } from './referenceRows.ts';
import { emptyLike } from './samples.ts';
import { createTileKernel, hasTileKernel, type TileRows } from './tileKernel.ts';

/** Fits an edit and applies it; see {@link fitEdit} for the errors. */
export function createCompositor(edit: WorkingEdit, settings: FitSettings = {}): Compositor {
  return compositorOf(fitEdit(edit, settings));
}

/** The compositor of a fit made earlier, or elsewhere. Vectorised where WebAssembly has SIMD. */
export function compositorOf(fit: EditFit): Compositor {
  return hasTileKernel() ? separated(fit, vectorised) : referenceCompositorOf(fit);
}

function vectorised(fit: EditFit): Compositor {
  let kernel: TileRows | null = null;
  return compositorWith(fit, (...tile) => {
    // Created on first use: a fit that is only cached or sent needs no kernel memory.
    kernel ??= createTileKernel(fit);
    kernel(...tile);
  });
}

const separated = (fit: EditFit, make: (fit: EditFit) => Compositor) =>
  separable(make(fit), make({ ...fit, content: null }));

/** The same in plain TypeScript: slower, at most one level apart. */
export function referenceCompositorOf(fit: EditFit): Compositor {
  return separated(fit, (part) =>
    compositorWith(part, (tile, place, settings, out) =>
      compositeRows(part, tile, place, settings, out),
    ),
  );
}

function compositorWith(fit: EditFit, rows: TileRows): Compositor {
  return {
    apply(tile, place, settings) {
      checkTile(fit, tile, place, settings);
      const data = emptyLike(tile.data);
      const intensity = settings.intensity * fit.strength;
      if (intensity > 0) rows(tile, place, { ...settings, intensity }, data);
      else data.set(tile.data);
      return { format: tile.format, data };
    },
  };
}

function checkTile(
  fit: EditFit,
  { format, data }: PixelBuffer,
  { bounds, extent }: TilePlace,
  { intensity, grain = 0 }: CompositeSettings,
): void {
  if (!(intensity >= 0 && intensity <= 1.5)) {
    throw new CompositorError(
      'BAD_INTENSITY',
      `Expected an intensity from 0 to 1.5 (0 to 150 %) but received ${intensity}.`,
      'Move the intensity slider into its range.',
    );
  }
  if (!(grain >= 0 && grain <= MAX_GRAIN)) {
    throw new CompositorError(
      'BAD_GRAIN',
      `Expected a grain from 0 to ${MAX_GRAIN} but received ${grain}.`,
      'Measure it at full resolution, or leave it out.',
    );
  }
  const bad = (message: string) =>
    new CompositorError('BAD_TILE', message, 'Apply the edit to the layer again.');
  if (format.channels === 1) {
    throw bad('Expected a tile of RGB or RGBA pixels but received one grey channel.');
  }
  if (format.width !== bounds.width || format.height !== bounds.height) {
    throw bad(
      `Expected a tile of ${bounds.width}×${bounds.height} pixels but received ${format.width}×${format.height}.`,
    );
  }
  if (data.byteLength !== byteLength(format)) {
    throw bad(`Expected ${byteLength(format)} bytes of pixels but received ${data.byteLength}.`);
  }
  const inside =
    bounds.left >= 0 &&
    bounds.top >= 0 &&
    bounds.left + bounds.width <= extent.width &&
    bounds.top + bounds.height <= extent.height;
  if (!inside) {
    throw bad(
      `Expected a tile inside ${extent.width}×${extent.height} but received one at (${bounds.left}, ${bounds.top}) of ${bounds.width}×${bounds.height}.`,
    );
  }
  if (!sameSpace(format.profile, fit.profile)) {
    throw new CompositorError(
      'PROFILE_MISMATCH',
      `Expected tiles in “${fit.profile}”, the space the edit was fitted in, but received “${format.profile}”.`,
      'Open the composite again with the profile of the tiles.',
    );
  }
}
