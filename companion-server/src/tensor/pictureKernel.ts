import { WasmArena, type WasmMemory, WasmModule } from '../wasm/wasmModule.ts';

/** See wasm/pictureKernel.ts for what each takes. */
interface KernelExports extends WasmMemory {
  readonly scaleAndClamp: (...numbers: number[]) => void;
  readonly grey: (...numbers: number[]) => void;
  readonly ssim: (...numbers: number[]) => number;
  readonly squashDown: (...numbers: number[]) => void;
  readonly squashAcross: (...numbers: number[]) => void;
}

/** Weighted sums of neighbours along one axis, from `inputs` values to `outputs`. */
export interface Taps {
  readonly inputs: number;
  readonly outputs: number;
  /** First input index per output. */
  readonly starts: Int32Array;
  /** How many inputs count, per output. */
  readonly lengths: Int32Array;
  /** Their weights: `most` places per output, of which the first `lengths` are used. */
  readonly weights: Float32Array;
  readonly most: number;
}

const FIRST_FREE = 1024;
const FLOAT = 4;
const DOUBLE = 8;
/** Lines of sums that the similarity keeps. */
const SUMS = 5;
const roundUpToFour = (count: number) => (count + 3) & ~3;

const module = new WasmModule(new URL('./pictureKernel.wasm', import.meta.url));
let arena: WasmArena<KernelExports> | undefined;

/** One memory for all pictures: it grows to what the largest needed and stays, nothing in it outlives a call. */
function within<T>(work: (arena: WasmArena<KernelExports>, kernel: KernelExports) => T): T {
  arena ??= new WasmArena(module.start<KernelExports>(), FIRST_FREE);
  const { mark } = arena;
  try {
    return work(arena, arena.exports);
  } finally {
    arena.rewind(mark);
  }
}

/** scale · x + offset within [low, high], in place. */
export function scaleAndClampValues(
  values: Float32Array,
  scale: number,
  offset: number,
  [low, high]: readonly [number, number],
): void {
  within((memory, kernel) => {
    const at = memory.put(values);
    kernel.scaleAndClamp(at, values.length, scale, offset, low, high);
    memory.copyFloats(at, values);
  });
}

/** Planar RGB [3, n] → the sum of its channels by weight, [n]. */
export function weighChannels(
  rgb: Float32Array,
  weights: readonly [number, number, number],
): Float32Array {
  return within((memory, kernel) => {
    const count = rgb.length / 3;
    const at = memory.put(rgb);
    const out = memory.take(count * FLOAT);
    kernel.grey(at, out, count, ...weights);
    return memory.floats(out, count);
  });
}

/** Mean similarity of two planes [height, width] over all whole windows of `side` × `side`. */
export function meanSimilarity(
  x: Float32Array,
  y: Float32Array,
  width: number,
  side: number,
): number {
  return within((memory, kernel) => {
    const lineBytes = roundUpToFour(width) * DOUBLE;
    const columns = memory.zeros(SUMS * lineBytes);
    const planes = [memory.put(x), memory.put(y)] as const;
    return kernel.ssim(...planes, columns, lineBytes, width, x.length / width, side);
  });
}

/** Planes [n, down.inputs, across.inputs] → [n, down.outputs, across.outputs]. */
export function resamplePlanes(planes: Float32Array, across: Taps, down: Taps): Float32Array {
  const [width, height] = [across.inputs, down.inputs];
  const count = planes.length / (width * height);
  const size = across.outputs * down.outputs;
  return within((memory, kernel) => {
    const from = memory.put(planes);
    const rows = roundUpToFour(down.outputs);
    const narrowed = memory.take(rows * width * FLOAT);
    const columns = memory.take(4 * roundUpToFour(width) * FLOAT);
    const to = memory.take((count * size + (rows - down.outputs) * across.outputs) * FLOAT);
    const [acrossTaps, downTaps] = [put(memory, across), put(memory, down)];
    for (let plane = 0; plane < count; plane++) {
      kernel.squashDown(from + plane * width * height * FLOAT, narrowed, width, ...downTaps);
      kernel.squashAcross(
        narrowed,
        to + plane * size * FLOAT,
        columns,
        down.outputs,
        width,
        ...acrossTaps,
      );
    }
    return memory.floats(to, count * size);
  });
}

const put = (
  memory: WasmArena<KernelExports>,
  { starts, lengths, weights, most, outputs }: Taps,
): readonly number[] => [
  memory.put(starts),
  memory.put(lengths),
  memory.put(weights),
  most,
  outputs,
];
