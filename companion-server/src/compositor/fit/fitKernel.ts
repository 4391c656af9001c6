import type { Extent } from '@emoeditor/shared';
import { type Kernel, WasmArena, type WasmMemory, WasmModule } from '../../wasm/wasmModule.ts';
import {
  axisSamples,
  COEFFICIENTS,
  type GradeGrid,
  paddedTransforms,
  TRANSFORM_FLOATS,
} from '../gradeGrid.ts';
import { gaussianTaps, type Plane } from '../planes.ts';
import { PATCH, REACH, SHIFT_COST } from './alignEdit.ts';
import type { FitArithmetic, WeightedPair } from './fitArithmetic.ts';
import {
  cellCount,
  type GridShape,
  type NeighbourWeights,
  OWN,
  SPREAD,
  SPREAD_LUMA,
} from './gridMoments.ts';
import {
  ALONE,
  gridLevels,
  NO_CHANGE,
  priorCells,
  type Ridge,
  shrinkSmallChanges,
  TOWARDS_PRIOR,
} from './solveGrid.ts';
import { keepToneOrder } from './toneOrder.ts';

/** See wasm/fitKernel.ts for what each takes. */
interface KernelExports extends WasmMemory {
  readonly gaussian: Kernel;
  readonly boxMean: Kernel;
  readonly dilate: Kernel;
  readonly multiply: Kernel;
  readonly correlation: Kernel;
  readonly bestShifts: Kernel;
  readonly collectMoments: Kernel;
  readonly poolMoments: Kernel;
  readonly blurAxis: Kernel;
  readonly solveCells: Kernel;
  readonly cellChanges: Kernel;
  readonly slicePicture: Kernel;
}

const FLOAT = 4;
/** Bytes of one cell's moments. */
const CELL = 112;

const kernel = new WasmModule(new URL('./fitKernel.wasm', import.meta.url));

export function hasFitKernel(): boolean {
  return kernel.isSupported;
}

/** The vectorised fit. Its memory grows to what the largest picture needed and stays. */
export function createFitKernel(): FitArithmetic {
  return new FitKernel();
}

class FitKernel implements FitArithmetic {
  readonly #arena = new WasmArena(kernel.start<KernelExports>());
  readonly #kernel = this.#arena.exports;

  gaussian(plane: Plane, extent: Extent, sigma: number): Plane {
    return this.#arena.within(() => {
      const at = this.#arena.put(plane);
      this.#blur(extent, sigma)(at, at);
      return this.#arena.floats(at, plane.length);
    });
  }

  boxMean(plane: Plane, extent: Extent, radius: number): Plane {
    return this.#arena.within(() => {
      const at = this.#arena.put(plane);
      const { rows, line, shares } = this.#scratch(extent, radius);
      this.#kernel.boxMean(at, at, rows, line, shares, extent.width, extent.height, radius);
      return this.#arena.floats(at, plane.length);
    });
  }

  dilate(plane: Plane, extent: Extent, radius: number): Plane {
    return this.#arena.within(() => {
      const at = this.#arena.put(plane);
      const { rows, line } = this.#scratch(extent, radius);
      this.#kernel.dilate(at, at, rows, line, extent.width, extent.height, radius);
      return this.#arena.floats(at, plane.length);
    });
  }

  correlation(a: Plane, b: Plane, extent: Extent, sigma: number, flat: number): Plane {
    return this.#arena.within(() => {
      const count = a.length;
      const planes = [this.#arena.put(a), this.#arena.put(b)] as const;
      const take = () => this.#arena.take(count * FLOAT);
      const [squareA, squareB, cross] = [take(), take(), take()] as const;
      const blur = this.#blur(extent, sigma);
      this.#kernel.multiply(planes[0], planes[0], squareA, count);
      this.#kernel.multiply(planes[1], planes[1], squareB, count);
      this.#kernel.multiply(planes[0], planes[1], cross, count);
      for (const plane of [...planes, squareA, squareB, cross]) blur(plane, plane);
      this.#kernel.correlation(...planes, squareA, squareB, cross, cross, count, flat);
      return this.#arena.floats(cross, count);
    });
  }

  bestShifts(graded: Float32Array, edit: Float32Array, extent: Extent): Int32Array {
    return this.#arena.within(() => {
      const { width, height } = extent;
      const pixels = width * height;
      const arena = this.#arena;
      const shift = arena.take(pixels * FLOAT);
      this.#kernel.bestShifts(
        arena.put(graded),
        arena.put(edit),
        arena.take(3 * height * (width + 2 * REACH + 4) * FLOAT),
        arena.take((width + 2 * PATCH + 4) * FLOAT),
        arena.take((2 * PATCH + 1) * (width + 4) * FLOAT),
        arena.take((width + 4) * FLOAT),
        arena.take(pixels * FLOAT),
        shift,
        width,
        height,
        REACH,
        SHIFT_COST,
      );
      return arena.integers(shift, pixels);
    });
  }

  solveGrid(
    { source, edit, luma, weights }: WeightedPair,
    extent: Extent,
    shape: GridShape,
    isDraft = false,
  ) {
    return this.#arena.within(() => {
      const arena = this.#arena;
      const finest = arena.zeros(cellCount(shape) * CELL);
      this.#kernel.collectMoments(
        arena.put(source),
        arena.put(edit),
        arena.put(luma),
        arena.put(weights),
        extent.width,
        extent.height,
        shape.width,
        shape.height,
        shape.depth,
        finest,
      );
      return this.#solveLevels(finest, shape, isDraft);
    });
  }

  slicePicture(grid: GradeGrid, rgb: Float32Array, { width, height }: Extent): Float32Array {
    return this.#arena.within(() => {
      const arena = this.#arena;
      const columns = axisSamples(0, width, width, grid.width);
      const rows = axisSamples(0, height, height, grid.height);
      const at = arena.put(rgb);
      this.#kernel.slicePicture(
        arena.put(paddedTransforms(grid.coefficients)),
        grid.width,
        grid.height,
        grid.depth,
        at,
        at,
        width,
        height,
        arena.put(columns.cell),
        arena.put(Float32Array.from(columns.fraction)),
        arena.put(rows.cell),
        arena.put(Float32Array.from(rows.fraction)),
        arena.take(grid.width * grid.depth * TRANSFORM_FLOATS * FLOAT),
      );
      return arena.floats(at, rgb.length);
    });
  }

  #scratch({ width, height }: Extent, radius: number) {
    return {
      rows: this.#arena.take(width * height * FLOAT),
      line: this.#arena.take((width + 2 * radius + 4) * FLOAT),
      shares: this.#arena.take((width + 4) * FLOAT),
    };
  }

  /** Blurs from one address to another or the same. */
  #blur(extent: Extent, sigma: number): (from: number, to: number) => void {
    const taps = Float32Array.from(gaussianTaps(sigma));
    const radius = taps.length >> 1;
    const { rows, line } = this.#scratch(extent, radius);
    const at = this.#arena.put(taps);
    return (from, to) =>
      this.#kernel.gaussian(from, to, rows, line, extent.width, extent.height, at, radius);
  }

  /** As `solveGrid.ts`: each level is blurred, then solved with the coarser one as its prior. */
  #solveLevels(finest: number, shape: GridShape, isDraft: boolean): GradeGrid {
    const arena = this.#arena;
    let solved = NO_CHANGE;
    let blurred = finest;
    for (const level of gridLevels(shape)) {
      const cells = cellCount(level);
      const at = arena.zeros(cells * CELL);
      const { width, height, depth } = level;
      this.#kernel.poolMoments(
        finest,
        shape.width,
        shape.height,
        shape.depth,
        at,
        width,
        height,
        depth,
      );
      blurred = this.#blurMoments(at, level, SPREAD, SPREAD_LUMA);
      const coefficients = this.#solveCells(blurred, priorCells(solved, level), TOWARDS_PRIOR);
      solved = { ...level, coefficients: arena.floats(coefficients, cells * COEFFICIENTS) };
    }
    if (isDraft) return solved;
    const cells = cellCount(shape);
    keepToneOrder(solved, this.#colourSums(blurred, cells));
    const own = this.#blurMoments(finest, shape, OWN, OWN);
    const alone = this.#solveCells(own, new Float32Array(cells * COEFFICIENTS), ALONE);
    const together = arena.put(solved.coefficients);
    shrinkSmallChanges(this.#cellChanges(blurred, together, cells), solved);
    shrinkSmallChanges(this.#cellChanges(own, alone, cells), solved);
    return solved;
  }

  #solveCells(sums: number, priors: Float32Array, { slope, offset, floor }: Ridge): number {
    const arena = this.#arena;
    const coefficients = arena.take(priors.byteLength);
    const cells = priors.length / COEFFICIENTS;
    const prior = arena.put(priors);
    this.#kernel.solveCells(sums, prior, coefficients, cells, slope, offset, floor);
    return coefficients;
  }

  /** Σ w·[r, g, b, 1] of every cell. */
  #colourSums(sums: number, cells: number): Float64Array {
    const moments = this.#arena.floats(sums, (cells * CELL) / FLOAT);
    const out = new Float64Array(cells * 4);
    for (let cell = 0; cell < cells; cell++) {
      const from = (cell * CELL) / FLOAT + 12;
      for (let k = 0; k < 4; k++) out[cell * 4 + k] = moments[from + k] as number;
    }
    return out;
  }

  #cellChanges(sums: number, coefficients: number, cells: number): Float32Array {
    const changes = this.#arena.take(cells * FLOAT);
    this.#kernel.cellChanges(sums, coefficients, changes, cells);
    return this.#arena.floats(changes, cells);
  }

  #blurMoments(
    at: number,
    { width, height, depth }: GridShape,
    weights: NeighbourWeights,
    lumaWeights: NeighbourWeights,
  ): number {
    const total = width * height * depth * CELL;
    const taps = this.#arena.put(Float32Array.from(weights));
    const lumaTaps = this.#arena.put(Float32Array.from(lumaWeights));
    const axes = [
      [depth, CELL, lumaTaps],
      [width, depth * CELL, taps],
      [height, width * depth * CELL, taps],
    ] as const;
    let from = at;
    for (const [cells, stride, taps] of axes) {
      if (cells === 1) continue;
      const to = this.#arena.take(total);
      this.#kernel.blurAxis(from, to, cells, stride, total, taps);
      from = to;
    }
    return from;
  }
}
