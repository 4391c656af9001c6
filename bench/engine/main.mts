/**
 * One UNet evaluation, the engine against its peers: the same weights, the same inputs, the same threads, in turns
 * within one run, so that a noisy machine is noisy for all. Peers that are not installed are left out, by name.
 *
 *   npm run bench:engine                                    the starter's UNet
 *   npm run bench:engine -- --model sd15 --size 28,32,64    SD-1.x with 860 million random weights (needs 3.4 GB of disk)
 *   options: --rounds 5  --threads 2  --peers pytorch,compile,openvino  --folder where-the-weights-go
 *
 * Peers: pip install -r bench/engine/peers/requirements.txt
 */
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contender, type Size, startContender, type Task } from './contender.mts';
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
  const best = new Map<Contender, number>();
  const rss = new Map<Contender, number>();
  const probes = new Map<Contender, readonly number[]>();
  const work = new Map<Contender, number>();
  // The first run of a size compiles, plans or allocates.
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const contender of contenders) {
      const answer = await contender.run(size);
      probes.set(contender, answer.probe);
      rss.set(contender, answer.rss);
      if (answer.gflop !== undefined) work.set(contender, answer.gflop);
      if (round > 0) {
        best.set(contender, Math.min(answer.ms, best.get(contender) ?? Number.POSITIVE_INFINITY));
      }
    }
  }
  const base = contenders.find(({ name }) => name === 'PyTorch, eager');
  const gflop = base === undefined ? undefined : work.get(base);
  const reference = probes.get(base ?? (contenders[0] as Contender)) ?? [];
  console.log(`\n${model?.name}, latents ${size.join('×')}, ${task.threads} threads`);
  console.table(
    contenders.map((contender) => ({
      contender: contender.name,
      'ms per evaluation': Number(best.get(contender)?.toFixed(1)),
      'GFLOP/s': rate(
        work.get(contender) ?? (contender.name === PEAK ? undefined : gflop),
        best.get(contender),
      ),
      'ratio to eager':
        base === undefined || contender.name === PEAK
          ? null
          : Number(((best.get(contender) ?? 0) / (best.get(base) ?? 1)).toFixed(2)),
      'largest difference':
        contender.name === PEAK
          ? null
          : distance(probes.get(contender) ?? [], reference).toExponential(1),
      'load s': Number(contender.loadSeconds.toFixed(1)),
      'peak MiB': Math.round(rss.get(contender) ?? 0),
    })),
  );
}

function rate(gflop: number | undefined, ms: number | undefined): number | null {
  return gflop === undefined || ms === undefined ? null : Math.round((gflop / ms) * 1000);
}

/** Largest difference, relative to the largest value. */
function distance(a: readonly number[], b: readonly number[]): number {
  const scale = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / scale;
}
