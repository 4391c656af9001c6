import type { PixelBuffer, PixelData } from '@emoeditor/shared';
import { WasmArena, type WasmMemory, WasmModule } from '../../wasm/wasmModule.ts';
import type { CompositeSettings, TilePlace } from '../compositor.ts';
import { MAPS, MASK_FLOOR } from '../fit/fitContent.ts';
import type { EditFit } from '../fit/fitEdit.ts';
import { axisSamples, paddedTransforms, TRANSFORM_FLOATS } from '../gradeGrid.ts';
import { grainCore } from './contentGrain.ts';
import { mapWindow, splineSamples } from './contentRow.ts';

/** Composites one tile into `out`, which is as long as the tile's data. */
export type TileRows = (
  tile: PixelBuffer,
  place: TilePlace,
  settings: CompositeSettings,
  out: PixelData,
) => void;

interface KernelExports extends WasmMemory {
  readonly compositeUint8: (job: number) => void;
  readonly compositeUint16: (job: number) => void;
  readonly compositeFloat32: (job: number) => void;
}
type Arena = WasmArena<KernelExports>;

/** Fields of the kernel's Job in order, four bytes each; see wasm/tile/job.ts. */
const FIELDS = [
  'width',
  'rows',
  'left',
  'top',
  'channels',
  'depth',
  'gridWidth',
  'gridHeight',
  'firstCell',
  'cellCount',
  'mapWidth',
  'mapHeight',
  'firstMap',
  'mapCount',
  'grid',
  'maps',
  'reach',
  'columnCell',
  'columnFraction',
  'columnMap',
  'columnWeights',
  'columnNear',
  'rowCell',
  'rowFraction',
  'rowMap',
  'rowWeights',
  'gridLine',
  'mapLine',
  'input',
  'output',
  'range',
  'gain',
  'maskFloor',
  'grain',
  'grainCore',
] as const;
type Job = Record<(typeof FIELDS)[number], number>;
const FLOAT_FIELDS: readonly string[] = ['range', 'gain', 'maskFloor', 'grain', 'grainCore'];

/** Pixels go through in pieces of about this size, so that they stay in the processor's cache. */
const CHUNK_BYTES = 256 * 1024;

const kernel = new WasmModule(new URL('./tileKernel.wasm', import.meta.url));

export function hasTileKernel(): boolean {
  return kernel.isSupported;
}

/** The vectorised compositor of one fit, in a WebAssembly memory of its own. */
export function createTileKernel(fit: EditFit): TileRows {
  const arena: Arena = new WasmArena(kernel.start<KernelExports>());
  const fixed = {
    depth: fit.grade.depth,
    gridWidth: fit.grade.width,
    gridHeight: fit.grade.height,
    mapWidth: fit.extent.width,
    mapHeight: fit.extent.height,
    maskFloor: MASK_FLOOR,
    grid: arena.put(paddedTransforms(fit.grade.coefficients)),
    maps: fit.content === null ? 0 : arena.put(fit.content.maps),
    reach: fit.content === null ? 0 : arena.put(fit.content.reach),
  };
  const mark = arena.mark;
  return (tile, place, { intensity, grain = 0 }, out) => {
    arena.rewind(mark);
    const core = grainCore(grain);
    const { width, height, channels, range } = tile.format;
    const rowBytes = width * channels * tile.data.BYTES_PER_ELEMENT;
    const chunkRows = Math.min(height, Math.max(1, Math.floor(CHUNK_BYTES / rowBytes)));
    const placed = {
      ...fixed,
      ...placeColumns(arena, fit, place),
      width,
      channels,
      left: place.bounds.left,
      range,
      gain: intensity * range,
      grain: core.sigma,
      grainCore: core.inverseSquare,
      input: arena.take(chunkRows * rowBytes),
      output: arena.take(chunkRows * rowBytes),
    };
    const rowMark = arena.mark;
    for (let y = 0; y < height; y += chunkRows) {
      arena.rewind(rowMark);
      const rows = Math.min(chunkRows, height - y);
      const top = place.bounds.top + y;
      const job: Job = {
        ...placed,
        ...placeRows(arena, fit, top, rows, place.extent.height),
        top,
        rows,
      };
      runChunk(arena, job, tile.data, out, y * width * channels, rows * width * channels);
    }
  };
}

/** Where every pixel column reads the grid and the maps, relative to the lines that hold just the tile's part. */
function placeColumns(arena: Arena, fit: EditFit, { bounds, extent }: TilePlace) {
  const { grade } = fit;
  const grid = axisSamples(bounds.left, bounds.width, extent.width, grade.width);
  const maps = splineSamples(bounds.left, bounds.width, extent.width, fit.extent.width);
  const window = mapWindow(maps);
  const firstCell = grid.cell[0] as number;
  const lastCell = Math.min(grade.width - 1, (grid.cell[grid.cell.length - 1] as number) + 1);
  const cellCount = lastCell - firstCell + 1;
  const cellBytes = grade.depth * TRANSFORM_FLOATS * 4;
  return {
    firstCell,
    cellCount,
    firstMap: window.from,
    mapCount: window.count,
    columnCell: arena.put(grid.cell.map((cell) => (cell - firstCell) * cellBytes)),
    columnFraction: arena.put(Float32Array.from(grid.fraction)),
    columnMap: arena.put(maps.first.map((first) => (first - window.from) * MAPS * 4)),
    columnWeights: arena.put(maps.weights),
    columnNear: arena.put(
      maps.first.map((first) => Math.min(fit.extent.width - 1, Math.max(0, first + 1))),
    ),
    gridLine: arena.take(cellCount * cellBytes),
    mapLine: arena.take(window.count * MAPS * 4),
  };
}

function placeRows(arena: Arena, fit: EditFit, top: number, rows: number, height: number) {
  const grid = axisSamples(top, rows, height, fit.grade.height);
  const maps = splineSamples(top, rows, height, fit.extent.height);
  return {
    rowCell: arena.put(grid.cell),
    rowFraction: arena.put(Float32Array.from(grid.fraction)),
    rowMap: arena.put(maps.first),
    rowWeights: arena.put(maps.weights),
  };
}

function runChunk(
  arena: Arena,
  job: Job,
  data: PixelData,
  out: PixelData,
  from: number,
  samples: number,
): void {
  const at = arena.put(fieldsOf(job));
  const { exports } = arena;
  // Allocating may have grown the memory, which replaces its buffer.
  const { buffer } = exports.memory;
  const wide = data.BYTES_PER_ELEMENT;
  const input = new Uint8Array(buffer, job.input, samples * wide);
  input.set(new Uint8Array(data.buffer, data.byteOffset + from * wide, samples * wide));
  if (data instanceof Uint8Array) exports.compositeUint8(at);
  else if (data instanceof Uint16Array) exports.compositeUint16(at);
  else exports.compositeFloat32(at);
  const output = new Uint8Array(buffer, job.output, samples * wide);
  new Uint8Array(out.buffer, out.byteOffset + from * wide, samples * wide).set(output);
}

/** A job as it lies in the kernel's memory. */
function fieldsOf(job: Job): Int32Array {
  const integers = new Int32Array(FIELDS.length);
  const floats = new Float32Array(integers.buffer);
  for (const [i, name] of FIELDS.entries()) {
    (FLOAT_FIELDS.includes(name) ? floats : integers)[i] = job[name];
  }
  return integers;
}
