/**
 * One UNet evaluation, the engine against its peers: the same weights, the same inputs, the same threads, in turns
 * within one run, so that a noisy machine is noisy for all. Peers that are not installed are left out, by name.
 *
 *   npm run bench:engine                                    the starter's UNet
 *   npm run bench:engine -- --model sd15 --size 28,32,64    SD-1.x with 860 million random weights (12 GB of disk)
 *   npm run bench:engine -- --provider cuda                 on a graphics card: cuda, tensorrt, webgpu, dml, coreml
 *   options: --rounds 5  --threads 2  --peers pytorch,compile,openvino  --folder where-the-weights-go
 *            --peers …,sdcpp --sdcpp path-of-sd-cli (stable-diffusion.cpp, built by yourself; sd15 only, sides that are
 *            multiples of 8)
 *
 * On a graphics card our graph is written in the profile that the provider proves itself with, over float16 weights where
 * that computes in float16; PyTorch, on the same card, computes in the same numbers. Its peers are cpu (our float32,
 * which differences are from), pytorch and compile. Times are from memory to memory.
 *
 * Peers: pip install -r bench/engine/peers/requirements.txt; `EMOEDITOR_PYTHON` names another interpreter than python3.
 */
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cardName } from './cardName.mts';
import type { Contender, Size, Task } from './contender.mts';
import { type Entrants, entrantsOnCpu, peersOnCard, startOnCard } from './entrants.mts';
import { FULL_SIZE, STARTER } from './models.mts';
import { prepare } from './prepare.mts';
import { compared } from './table.mts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'starter' },
    provider: { type: 'string', default: 'cpu' },
    size: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string' },
    peers: { type: 'string' },
    folder: { type: 'string' },
    sdcpp: { type: 'string', default: 'sd-cli' },
  },
});
const { provider } = values;
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
const peers = (usual: string) => (values.peers ?? usual).split(',').filter((peer) => peer !== '');

console.log(`Writing the weights of ${model.name} to ${folder} …`);
await prepare(folder, model, provider);
const { contenders, title } = await (provider === 'cpu' ? startedOnCpu() : startedOnCard());
for (const size of sizes) {
  const rows = await compared(contenders, size, Number(values.rounds));
  console.log(`\n${model.name}, latents ${size.join('×')}, ${title}`);
  console.table(rows);
}
for (const contender of contenders) await contender.stop();

interface Started {
  readonly contenders: readonly Contender[];
  readonly title: string;
}

async function startedOnCpu(): Promise<Started> {
  const entrants = entrantsOnCpu(task, values.sdcpp);
  await warmUp(entrants, ['ours', 'int8']);
  const names = ['ours', 'int8', 'peak', ...peers('pytorch,compile,openvino')];
  return { contenders: await started(entrants, names), title: `${task.threads} threads` };
}

async function startedOnCard(): Promise<Started> {
  const ours = await startOnCard(task, provider);
  const { profile, numbers, reason } = ours.facts;
  console.log(`${provider}: ${reason}`);
  const entrants = peersOnCard(task, numbers);
  const names = peers('cpu,pytorch,compile');
  await warmUp(
    entrants,
    names.filter((name) => name === 'cpu'),
  );
  const contenders = [ours, ...(await started(entrants, names))];
  const card = await cardName(contenders);
  const where = card === null ? provider : `${card} by ${provider}`;
  return { contenders, title: `${where}, graph of the profile ${profile} in ${numbers}` };
}

/** The first start of a large model fills the cache of optimised graphs; what is measured is any later one. */
async function warmUp(entrants: Entrants, names: readonly string[]): Promise<void> {
  for (const name of names) await entrants[name]?.().then((warm) => warm.stop());
}

async function started(entrants: Entrants, names: readonly string[]): Promise<Contender[]> {
  const running: Contender[] = [];
  for (const name of names) {
    const start = entrants[name];
    if (start === undefined) throw new Error(`No peer is called ${name}.`);
    try {
      running.push(await start());
    } catch (error) {
      console.log(`${name} does not run here: ${(error as Error).message}`);
    }
  }
  return running;
}
