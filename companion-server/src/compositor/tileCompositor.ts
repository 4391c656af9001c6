import { byteLength, type PixelBuffer, type PixelData } from '@emoeditor/shared';
import { sameSpace } from '../imaging/colourProfiles.ts';
import type { CompositeSettings, Compositor, TilePlace, WorkingEdit } from './compositor.ts';
import { CompositorError } from './compositorError.ts';
import { addContent, contentLine, mapWindow, splineSamples } from './contentRow.ts';
import { MAPS } from './fitContent.ts';
import { type EditFit, type FitSettings, fitEdit } from './fitEdit.ts';
import { axisSamples, COEFFICIENTS, gridRow, sliceRow } from './gradeGrid.ts';
import { loadRow, rowBuffers, storeRow } from './samples.ts';

/** Fits an edit and applies it; see {@link fitEdit} for the errors. */
export function createCompositor(edit: WorkingEdit, settings: FitSettings = {}): Compositor {
  return compositorOf(fitEdit(edit, settings));
}

/** The compositor of a fit made earlier, or elsewhere. */
export function compositorOf(fit: EditFit): Compositor {
  return {
    apply(tile, place, settings) {
      checkTile(fit, tile, place, settings);
      const data = copyOf(tile.data);
      if (settings.intensity > 0) compositeRows(fit, tile, place, settings.intensity, data);
      return { format: tile.format, data };
    },
  };
}

/** A Buffer's own slice() would share its memory with the caller's tile. */
function copyOf(data: PixelData): PixelData {
  if (data instanceof Uint8Array) return new Uint8Array(data);
  return data.slice();
}

function compositeRows(
  fit: EditFit,
  tile: PixelBuffer,
  { bounds, extent }: TilePlace,
  intensity: number,
  out: PixelData,
): void {
  const { grade, content } = fit;
  const buffers = rowBuffers(bounds.width);
  const columns = axisSamples(bounds.left, bounds.width, extent.width, grade.width);
  const rows = axisSamples(bounds.top, bounds.height, extent.height, grade.height);
  const gradeLine = new Float32Array(grade.width * grade.depth * COEFFICIENTS);
  const mapColumns = splineSamples(bounds.left, bounds.width, extent.width, fit.extent.width);
  const mapRows = splineSamples(bounds.top, bounds.height, extent.height, fit.extent.height);
  const window = mapWindow(mapColumns);
  const mapLine = new Float32Array(window.count * MAPS);
  for (let y = 0; y < bounds.height; y++) {
    loadRow(tile, y, buffers);
    gridRow(grade, rows.cell[y] as number, rows.fraction[y] as number, gradeLine);
    sliceRow(gradeLine, grade, columns, buffers.color, buffers.luma, buffers.delta);
    if (content !== null && contentLine(content, fit.extent, mapRows, y, window, mapLine)) {
      const near = (mapRows.first[y] as number) + 1;
      const reachRow = Math.min(fit.extent.height - 1, Math.max(0, near)) * fit.extent.width;
      addContent(
        mapLine,
        content.reach,
        reachRow,
        fit.extent.width,
        mapColumns,
        window,
        buffers.color,
        buffers.luma,
        buffers.delta,
      );
    }
    storeRow(tile, y, buffers, intensity, bounds.left, bounds.top + y, out);
  }
}

function checkTile(
  fit: EditFit,
  { format, data }: PixelBuffer,
  { bounds, extent }: TilePlace,
  { intensity }: CompositeSettings,
): void {
  if (!(intensity >= 0 && intensity <= 1.5)) {
    throw new CompositorError(
      'BAD_INTENSITY',
      `Expected an intensity from 0 to 1.5 (0 to 150 %) but received ${intensity}.`,
      'Move the intensity slider into its range.',
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
