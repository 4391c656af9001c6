/**
 * Compares our graphs of the real sizes with PyTorch's networks, on the CPU: in float32, and in float16 as written for
 * graphics cards, with their own operators in the words of their schemas. `edit` is a whole edit of 30 steps of DDIM.
 * Weights are random. Ends with exit code 1 when anything is beyond its limit.
 *
 *   npm run bench:parity                            every part, one after the other
 *   npm run bench:parity -- --only unet,vae,text,resnet18,resnet34,resnet50,emotion,edit
 *   options: --tiny                                 miniatures of the same networks, in two minutes
 *            --profiles cpu,portable,cuda           also gpu, dml, portableHalf
 *            --folder where                         keeps what Python wrote, for the next run; otherwise it is removed
 *
 * Python writes the networks and their answers (training/golden/full.py): torch 2.6 or later, diffusers 0.35,
 * transformers 5, safetensors, numpy; `EMOEDITOR_PYTHON` names another interpreter than python3. Most disk at a time is
 * 4 GB, for `unet` and `edit`: 1.7 to 2 GB of what Python wrote and as much of a graph in the system's temporary folder.
 * With --folder 4.3 GB stay. Memory: about 8 GB.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROFILE_NAMES, type ProfileName } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { relativeError, runGraph, type Way } from '../../test/golden/runGraph.ts';
import { CASES, tensorsOf, weightsOf } from './cases.mts';
import { type Comparison, type Limit, passes, rowOf, SAME_PICTURE, waysOf } from './comparison.mts';
import { editIn, psnr } from './edit.mts';
import { referenceOf } from './reference.mts';

const PARTS = [...(Object.keys(CASES) as (keyof typeof CASES)[]), 'edit'] as const;
type Part = (typeof PARTS)[number];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join() },
    profiles: { type: 'string', default: 'cpu,portable,cuda' },
    folder: { type: 'string' },
    tiny: { type: 'boolean', default: false },
  },
});

function listed<T extends string>(text: string, known: readonly T[]): T[] {
  return text.split(',').map((word) => {
    const found = known.find((name) => name === word);
    if (found === undefined) throw new Error(`Expected some of ${known.join()} but got “${word}”.`);
    return found;
  });
}

const parts: readonly Part[] = listed(values.only, PARTS);
const profiles: readonly ProfileName[] = listed(values.profiles, PROFILE_NAMES);
const comparisons: Comparison[] = [];

/** Adds one line to the table, also where something throws. */
async function compare(what: string, way: Way, limit: Limit, find: () => Promise<number>) {
  const started = performance.now();
  const found = await find().catch((error: unknown) => {
    console.log(`${what}, ${way.profile}: ${error instanceof Error ? error.message : error}`);
    return Number.NaN;
  });
  const seconds = (performance.now() - started) / 1000;
  comparisons.push({ what, way, limit, found, seconds });
}

async function compareGraphs(part: Exclude<Part, 'edit'>, folder: string): Promise<void> {
  const io = await tensorsOf(folder);
  for (const graph of await CASES[part](folder)) {
    const feeds = Object.fromEntries(graph.inputs.map((input) => [input, io(input)]));
    for (const { way, limit } of waysOf(profiles, graph)) {
      await compare(graph.name, way, limit, async () => {
        const { outputs } = await runGraph(weightsOf(folder, part), way, graph.build, feeds);
        return relativeError(outputs[graph.output] as Tensor, io(graph.reference));
      });
    }
  }
}

async function compareEdits(folder: string): Promise<void> {
  const io = await tensorsOf(folder);
  const edited = io('edited');
  const changed = psnr(io('unedited'), edited).toFixed(1);
  console.log(`The edit itself: ${changed} dB from the picture as it was before.`);
  for (const { way } of waysOf(profiles, {})) {
    await compare('edit', way, SAME_PICTURE, async () => psnr(await editIn(folder, way), edited));
  }
}

const own = await mkdtemp(join(tmpdir(), 'emoeditor-parity-'));
try {
  const root =
    values.folder === undefined ? own : resolve(values.folder, values.tiny ? 'tiny' : 'full');
  for (const part of parts) {
    console.log(`${part} …`);
    const folder = await referenceOf(part, root, values.tiny);
    await (part === 'edit' ? compareEdits(folder) : compareGraphs(part, folder));
    if (root === own) await rm(folder, { recursive: true });
  }
} finally {
  await rm(own, { recursive: true, force: true });
}
console.table(comparisons.map(rowOf));
if (!comparisons.every(passes)) process.exitCode = 1;
