/**
 * One 3×3 convolution of SD-1.x at each level of the UNet and each size of latents: in Winograd's tiles of 4×4 and 2×2
 * pixels (`companion-server/src/onnx/winogradConv.ts`) against ONNX Runtime's own, in turns, the fastest of all rounds.
 *
 *   npx tsx bench/engine/convolutions.mts [--threads 2] [--rounds 12] [--latents 28,32,64]
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { conv2d } from '@emoeditor/companion-server/onnx/layers.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { filteringFor } from '@emoeditor/companion-server/onnx/winogradConv.ts';
import type { InferenceSession } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { probeBuilder, wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '12' },
    latents: { type: 'string', default: '28,32,64' },
  },
});
const threads = Number(values.threads);

/** Channels of typical layers by how often the latents were halved before them. */
const LAYERS: readonly (readonly [level: number, cIn: number, cOut: number])[] = [
  [0, 320, 320],
  [0, 960, 320],
  [1, 640, 640],
  [1, 1920, 640],
  [2, 1280, 1280],
  [2, 2560, 1280],
  [3, 1280, 1280],
];
/** The level whose tiles are tried; null is ONNX Runtime's own convolution. */
const CONTENDERS = { own: null, '4×4': 0, '2×2': 1 } as const;
type Contender = keyof typeof CONTENDERS;
const names = Object.keys(CONTENDERS) as Contender[];

function opened(contender: Contender, cIn: number, cOut: number): Promise<InferenceSession> {
  const level = CONTENDERS[contender];
  const graph = probeBuilder(EMIT_PROFILES.cpu);
  graph.input('x', [1, cIn, 'h', 'w']);
  graph.output('y', [1, cOut, 'H', 'W']);
  const options = { as: 'y', ...(level === null ? {} : { level }) };
  conv2d(graph, 'x', 'conv', [cIn, cOut, 3], options);
  return openOnnxSession(encodeModel(graph.finish()), { provider: 'cpu', threads });
}

async function compare(
  sessions: Readonly<Record<Contender, InferenceSession>>,
  [level, cIn, cOut]: (typeof LAYERS)[number],
  latents: number,
) {
  const side = Math.ceil(latents / 2 ** level);
  const x = tensor(wave(cIn * side * side, 0.7), [1, cIn, side, side]);
  const best = { own: Infinity, '4×4': Infinity, '2×2': Infinity };
  const outputs = new Map<Contender, Float32Array>();
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const name of names) {
      const started = performance.now();
      const { y } = await sessions[name].run({ x });
      best[name] = Math.min(best[name], performance.now() - started);
      if (y !== undefined) outputs.set(name, y.data);
    }
  }
  const own = outputs.get('own') as Float32Array;
  const off = (name: Contender) =>
    (outputs.get(name) as Float32Array).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (own[i] as number))),
      0,
    ) / own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const ratio = (name: Contender) => Number((best[name] / best.own).toFixed(2));
  const tile = filteringFor(cIn, cOut, level)?.tile;
  return {
    layer: `${cIn} → ${cOut} at ${side}×${side}`,
    'own, ms': Number(best.own.toFixed(2)),
    '4×4': ratio('4×4'),
    '2×2': ratio('2×2'),
    difference: Math.max(off('4×4'), off('2×2')).toExponential(0),
    chosen: tile === undefined ? 'own' : `${tile}×${tile}`,
  };
}

const rows: Awaited<ReturnType<typeof compare>>[] = [];
for (const layer of LAYERS) {
  const [, cIn, cOut] = layer;
  const [own, four, two] = await Promise.all(names.map((name) => opened(name, cIn, cOut)));
  const sessions = { own, '4×4': four, '2×2': two } as Record<Contender, InferenceSession>;
  for (const latents of values.latents.split(',').map(Number)) {
    rows.push(await compare(sessions, layer, latents));
  }
  await Promise.all(names.map((name) => sessions[name].release()));
}
console.log(`${threads} threads of ${cpus()[0]?.model}`);
console.table(rows);
