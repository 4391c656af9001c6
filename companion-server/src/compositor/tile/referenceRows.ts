import type { PixelBuffer, PixelData } from '@emoeditor/shared';
import type { CompositeSettings, TilePlace } from '../compositor.ts';
import { MAPS } from '../fit/fitContent.ts';
import type { EditFit } from '../fit/fitEdit.ts';
import { axisSamples, COEFFICIENTS, gridRow, sliceRow } from '../gradeGrid.ts';
import { grainCore } from './contentGrain.ts';
import { addContent, contentLine, mapWindow, splineSamples } from './contentRow.ts';
import { loadRow, rowBuffers, storeRow } from './samples.ts';

/**
 * Plain implementation of a tile: reference for tests of the kernel, and fallback where WebAssembly has no SIMD.
 * @param out as long as the tile's data
 */
export function compositeRows(
  fit: EditFit,
  tile: PixelBuffer,
  { bounds, extent }: TilePlace,
  { intensity, grain = 0 }: CompositeSettings,
  out: PixelData,
): void {
  const { grade, content } = fit;
  const core = grainCore(grain);
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
        core,
        bounds.left,
        bounds.top + y,
      );
    }
    storeRow(tile, y, buffers, intensity, bounds.left, bounds.top + y, out);
  }
}
