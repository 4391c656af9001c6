import { EMIT_PROFILES } from '../onnx/emitProfile.ts';
import type { GraphBuilder, Value } from '../onnx/graph.ts';
import { conv2d } from '../onnx/layers.ts';
import { encodeModel } from '../onnx/onnxModel.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { InferenceSession } from './inferenceRuntime.ts';
import { probeBuilder, wave } from './providerProbe.ts';

const CHANNELS = 64;
const SIDE = 64;
const LAYERS = 6;
const ROUNDS = 3;
/** Slightly slower may be noise, or pay off on larger networks; software drivers are ten times slower or more. */
const MUCH_SLOWER = 2;

/** About 1.8 GFLOP of convolutions: enough to tell a graphics card from a software driver. */
export function paceGraph(): Uint8Array {
  const graph: GraphBuilder = probeBuilder(EMIT_PROFILES.portable);
  graph.input('x', [1, CHANNELS, SIDE, SIDE]);
  graph.output('y', [1, CHANNELS, SIDE, SIDE]);
  let h: Value = 'x';
  for (let layer = 0; layer < LAYERS; layer++) {
    const last = layer === LAYERS - 1 ? { as: 'y' } : {};
    h = conv2d(graph, h, `layer${layer}`, [CHANNELS, CHANNELS, 3], { bias: false, ...last });
  }
  return encodeModel(graph.finish());
}

const paceInput = (): Tensor => tensor(wave(CHANNELS * SIDE * SIDE, 1), [1, CHANNELS, SIDE, SIDE]);

/** Milliseconds of the fastest of several runs, after one warm-up run. */
export async function paceOf(
  session: Pick<InferenceSession, 'run'>,
  now: () => number = () => performance.now(),
): Promise<number> {
  const x = paceInput();
  await session.run({ x });
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = now();
    await session.run({ x });
    fastest = Math.min(fastest, now() - started);
  }
  return fastest;
}

/** Null when a provider is fast enough to be preferred to the CPU, otherwise the reason. */
export function paceFault(milliseconds: number, cpuMilliseconds: number): string | null {
  if (milliseconds <= MUCH_SLOWER * cpuMilliseconds) return null;
  return `it computes correctly but slower than the CPU here: ${milliseconds.toFixed(0)} ms for what the CPU does in ${cpuMilliseconds.toFixed(0)} ms`;
}
