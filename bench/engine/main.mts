/**
 * One UNet evaluation, the engine against its peers: the same weights, the same inputs, the same threads, in turns
 * within one run, so that a noisy machine is noisy for all. Peers that are not installed are left out, by name.
 *
 *   npm run bench:engine                                    the starter's UNet
 *   npm run bench:engine -- --model sd15 --size 28,32,64    SD-1.x with 860 million random weights (needs 3.4 GB of disk)
 *   options: --rounds 5  --threads 2  --peers pytorch,compile,openvino,sdcpp  --folder where-the-weights-go
 *            --sdcpp path-of-sd-cli (stable-diffusion.cpp, built by yourself; sd15 only, sides that are multiples of 8)
 *
 * Peers: pip install -r bench/engine/peers/requirements.txt
 */
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, type Contender, type Size, startContender, type Task } from './contender.mts';
import { FULL_SIZE, STARTER } from './models.mts';
import { prepare } from './prepare.mts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'starter' },
    size: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string' },
    peers: { type: 'string', default: 'pytorch,compile,openvino' },
    folder: { type: 'string' },
    sdcpp: { type: 'string', default: 'sd-cli' },
  },
});
const model = [STARTER, FULL_SIZE].find(({ name }) => name === values.model);
if (model === undefined) throw new Error(`Expected --model starter or sd15, got ${values.model}.`);
const sizes: readonly Size[] =
  values.size?.split(',').map((side) => [Number(side), Number(side)] as const) ?? model.sizes;
const folder = join(values.folder ?? join(tmpdir(), 'emoeditor-bench'), model.name);
const task: Task = {
  folder,
  model: model.name,
  tokens: model.tokens,
  tokenWidth: model.config.cross_attention_dim,
  inChannels: model.config.in_channels,
  threads: values.threads === undefined ? availableParallelism() : Number(values.threads),
};

const PEAK = 'one matrix product';

const ENTRANTS: Readonly<Record<string, () => Promise<Contender>>> = {
  ours: () => startContender('ours, float32', './onnxContender.mts', task),
  int8: () =>
    startContender(
      'ours, int8',
      './onnxContender.mts',
      task,
      'unet.int8.onnx',
      'unet.int8.weights',
    ),
  peak: () => startContender(PEAK, './peakContender.mts', task),
  portable: () =>
    startContender('ours, portable graph', './onnxContender.mts', task, 'unet.portable.onnx'),
  pytorch: () => startContender('PyTorch, eager', './peers/pytorch.py', task),
  compile: () => startContender('PyTorch, torch.compile', './peers/pytorch.py', task, 'compile'),
  openvino: () => openvino('float32', 'f32'),
  'openvino-own': () => openvino('its own choice', ''),
  sdcpp: () =>
    startContender('stable-diffusion.cpp, float32', './peers/sdcpp.mts', task, values.sdcpp, 'f32'),
  'sdcpp-q8': () =>
    startContender('stable-diffusion.cpp, q8_0', './peers/sdcpp.mts', task, values.sdcpp, 'q8_0'),
};

function openvino(name: string, precision: string): Promise<Contender> {
  const script = './peers/openvino_peer.py';
  return startContender(`OpenVINO, ${name}`, script, task, 'unet.portable.onnx', precision);
}

console.log(`Writing the weights of ${model.name} to ${folder} …`);
await prepare(folder, model);
// The first start of a large model fills the cache of optimised graphs; what is measured is any later one.
for (const name of ['ours', 'int8']) await ENTRANTS[name]?.().then((warm) => warm.stop());
const contenders: Contender[] = [];
for (const name of [
  'ours',
  'int8',
  'peak',
  ...values.peers.split(',').filter((peer) => peer !== ''),
]) {
  const start = ENTRANTS[name];
  if (start === undefined) throw new Error(`No peer is called ${name}.`);
  try {
    contenders.push(await start());
  } catch (error) {
    console.log(`${name} does not run here: ${(error as Error).message}`);
  }
}
for (const size of sizes) await compare(size);
for (const contender of contenders) await contender.stop();

/** Prints one table: the fastest of the rounds, the ratio to PyTorch, and how far the results are apart. */
async function compare(size: Size): Promise<void> {
  const results = new Map<Contender, Result>();
  // The first run of a size compiles, plans or allocates.
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const contender of contenders) {
      const answer = await contender.run(size);
      const known = results.get(contender)?.best ?? null;
      const best = round === 0 ? null : Math.min(answer.ms ?? Infinity, known ?? Infinity);
      results.set(contender, { answer, best });
    }
  }
  const base = contenders.find(({ name }) => name === 'PyTorch, eager');
  const reference = results.get(base ?? (contenders[0] as Contender));
  console.log(`\n${model?.name}, latents ${size.join('×')}, ${task.threads} threads`);
  console.table(
    contenders.map((contender) => {
      const result = results.get(contender) as Result;
      return row(contender, result, base === undefined ? undefined : reference, reference);
    }),
  );
}

interface Result {
  /** The last answer. */
  readonly answer: Answer;
  /** Milliseconds of the fastest round; null before the second, infinite where the size cannot be taken. */
  readonly best: number | null;
}

/** @param base PyTorch's result, where it takes part; what it counts as its work is the work of all but the peak */
function row(contender: Contender, result: Result, base?: Result, reference = base) {
  const isPeak = contender.name === PEAK;
  const { gflop = isPeak ? undefined : base?.answer.gflop, probe, rss, opened } = result.answer;
  const best = result.best ?? Number.POSITIVE_INFINITY;
  if (best === Number.POSITIVE_INFINITY) return { contender: contender.name };
  const fixed = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    contender: contender.name,
    'ms per evaluation': fixed(best, 1),
    'GFLOP/s': gflop === undefined ? null : Math.round((gflop / best) * 1000),
    'ratio to eager': base?.best == null || isPeak ? null : fixed(best / base.best, 2),
    'largest difference':
      probe.length === 0 || reference === undefined
        ? null
        : distance(probe, reference.answer.probe).toExponential(1),
    'start s': fixed(contender.loadSeconds, 1),
    'open s': opened === undefined ? null : fixed(opened, 2),
    'peak MiB': rss === null ? null : Math.round(rss),
  };
}

/** Largest difference, relative to the largest value. */
function distance(a: readonly number[], b: readonly number[]): number {
  const scale = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / scale;
}
