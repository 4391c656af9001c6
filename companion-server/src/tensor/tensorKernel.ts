import { type Kernel, WasmArena, type WasmMemory, WasmModule } from '../wasm/wasmModule.ts';

/** See wasm/tensorKernel.ts for what each takes. */
interface KernelExports extends WasmMemory {
  readonly scaleAndClamp: Kernel;
  readonly combine: Kernel;
  readonly combineChained: Kernel;
  readonly planesOfBytes: Kernel;
  readonly bytesOfPlanes: Kernel;
  readonly grey: Kernel;
  readonly ssim: (...numbers: number[]) => number;
  readonly squashDown: Kernel;
  readonly squashAcross: Kernel;
  readonly philox: Kernel;
  readonly gaussian: Kernel;
  readonly normalQuantile: (p: number) => number;
}

/** A key and a counter of Philox4x32-10, unsigned 32-bit words. */
export type Words = readonly [number, number, number, number];
export type PhiloxKey = readonly [number, number];

/** Weighted sums of neighbours along one axis, from `inputs` values to `outputs`. */
export interface ResizeTaps {
  readonly inputs: number;
  readonly outputs: number;
  /** First input index per output. */
  readonly starts: Int32Array;
  /** How many inputs count, per output. */
  readonly lengths: Int32Array;
  /** [outputs][most]; of each row the first `lengths` entries are used. */
  readonly weights: Float32Array;
  readonly most: number;
}

const FLOAT = 4;
const DOUBLE = 8;
/** Rows of column sums that the SSIM kernel needs. */
const SUMS = 4;
const roundUpToFour = (count: number) => (count + 3) & ~3;

const module = new WasmModule(new URL('./tensorKernel.wasm', import.meta.url));
let arena: WasmArena<KernelExports> | undefined;

/** Memory kept between calls: enough for one working-size image. */
const KEPT_BYTES = 64 * 2 ** 20;

/** Runs `work` in a memory that all calls share. No data outlives a call; memory grown for a large picture is freed. */
function within<T>(work: (arena: WasmArena<KernelExports>, kernel: KernelExports) => T): T {
  arena ??= new WasmArena(module.start<KernelExports>());
  const own = arena;
  try {
    return own.within(() => work(own, own.exports));
  } finally {
    if (own.exports.memory.buffer.byteLength > KEPT_BYTES) arena = undefined;
  }
}

/**
 * scale · x + offset within [low, high].
 * @param into where the result goes, may be `values` itself; a new array when left out
 */
export function scaleAndClampValues(
  values: Float32Array,
  scale: number,
  offset: number,
  [low, high]: readonly [number, number],
  into?: Float32Array,
): Float32Array {
  return within((memory, kernel) => {
    const at = memory.put(values);
    kernel.scaleAndClamp(at, values.length, scale, offset, low, high);
    if (into === undefined) return memory.floats(at, values.length);
    memory.copyFloats(at, into);
    return into;
  });
}

/** An array and the weight that it is multiplied by. */
export type Term = readonly [weight: number, values: Float32Array];

/** Coefficients of the second linear combination: prevSample = sampleWeight · sample + resultWeight · x0 + other. */
export interface SecondCombination {
  readonly sampleWeight: number;
  readonly resultWeight: number;
  readonly other: Term;
}

/** Linear combination of two or three arrays of one length, rounded to float32 once. */
export function combineValues([a, x]: Term, [b, y]: Term, [c, z]: Term = [0, x]): Float32Array {
  return within((memory, kernel) => {
    const [left, right] = [memory.put(x), memory.put(y)];
    const third = z === x ? left : memory.put(z);
    kernel.combine(left, right, third, left, x.length, a, b, c);
    return memory.floats(left, x.length);
  });
}

/** See {@link combineChained} in combine.ts. */
export function combineValuesChained(
  [a, x]: Term,
  [b, y]: Term,
  { sampleWeight, resultWeight, other: [e, z] }: SecondCombination,
): readonly [Float32Array, Float32Array] {
  return within((memory, kernel) => {
    const [xs, ys] = [memory.put(x), memory.put(y)];
    const zs = z === x ? xs : z === y ? ys : memory.put(z);
    kernel.combineChained(xs, ys, zs, ys, xs, x.length, a, b, sampleWeight, resultWeight, e);
    return [memory.floats(ys, x.length), memory.floats(xs, x.length)];
  });
}

/** Interleaved bytes [n, 3] → planes [3, n] in [0, 1]. */
export function planesOfBytes(rgb: Uint8Array): Float32Array {
  return within((memory, kernel) => {
    const at = memory.put(rgb);
    const out = memory.take(rgb.length * FLOAT);
    kernel.planesOfBytes(at, out, rgb.length / 3);
    return memory.floats(out, rgb.length);
  });
}

/** Planes [3, n] in [0, 1] → interleaved bytes [n, 3]. */
export function bytesOfPlanes(planes: Float32Array): Uint8Array {
  return within((memory, kernel) => {
    const at = memory.put(planes);
    const out = memory.take(planes.length);
    kernel.bytesOfPlanes(at, out, planes.length / 3);
    return memory.bytes(out, planes.length);
  });
}

/**
 * Mean structural similarity of two planar RGB pictures [3, height, width] over all whole windows of `side` × `side`, an
 * odd number, of their channels' sum by weight.
 */
export function meanSimilarity(
  x: Float32Array,
  y: Float32Array,
  width: number,
  { side, weights }: { side: number; weights: readonly [number, number, number] },
): number {
  return within((memory, kernel) => {
    const count = x.length / 3;
    // Room for two more columns: the kernel processes two at a time and reads one beyond the last window.
    const lineBytes = roundUpToFour(width + 2) * 2 * DOUBLE;
    const columns = memory.zeros(SUMS * lineBytes);
    const planes = [memory.put(x), memory.put(y)] as const;
    for (const plane of planes) kernel.grey(plane, plane, count, ...weights);
    return kernel.ssim(...planes, columns, lineBytes, width, count / width, side);
  });
}

/** Planes [n, down.inputs, across.inputs] → [n, down.outputs, across.outputs]. */
export function resamplePlanes(
  planes: Float32Array,
  across: ResizeTaps,
  down: ResizeTaps,
): Float32Array {
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
    const isHeightKept = down.inputs === down.outputs;
    for (let plane = 0; plane < count; plane++) {
      const start = from + plane * width * height * FLOAT;
      if (!isHeightKept) kernel.squashDown(start, narrowed, width, ...downTaps);
      kernel.squashAcross(
        isHeightKept ? start : narrowed,
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

/** Four random words for a counter and a key. */
export function philox(counter: Words, key: PhiloxKey): Words {
  return within((memory, kernel) => {
    const out = memory.take(counter.length * FLOAT);
    kernel.philox(...counter, ...key, out);
    const [a = 0, b = 0, c = 0, d = 0] = memory.integers(out, counter.length);
    return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
  });
}

/** Standard normal numbers of one random stream. */
export function gaussianValues(
  count: number,
  [iteration, candidate, purpose]: readonly [number, number, number],
  seed: number,
): Float32Array {
  return within((memory, kernel) => {
    const bytes = roundUpToFour(count) * FLOAT;
    const [out, aside] = [memory.take(bytes), memory.take(bytes)];
    kernel.gaussian(out, aside, count, iteration, candidate, purpose, seed);
    return memory.floats(out, count);
  });
}

/** z with Φ(z) = p, for 0 < p < 1. */
export const normalQuantile = (p: number): number =>
  within((_, kernel) => kernel.normalQuantile(p));

const put = (
  memory: WasmArena<KernelExports>,
  { starts, lengths, weights, most, outputs }: ResizeTaps,
): readonly number[] => [
  memory.put(starts),
  memory.put(lengths),
  memory.put(weights),
  most,
  outputs,
];
