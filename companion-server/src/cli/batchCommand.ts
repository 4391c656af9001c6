import { createInterface } from 'node:readline';
import { EMOTIONS, editRequestSchema } from '@emoeditor/shared';
import { Command, Option } from 'commander';
import * as z from 'zod';
import { createEditor } from '../engine/createEditor.ts';
import { type LoadedBundle, loadBundle } from '../engine/loadBundle.ts';
import { identityOf } from '../files/sameFile.ts';
import { makeProxy } from '../imaging/makeProxy.ts';
import { openDocument } from '../imaging/openDocument.ts';
import { savePlanar } from '../imaging/savePlanar.ts';
import { type Ablation, CONDITIONINGS, type ConditioningKind } from '../pipeline/ablation.ts';
import { workingAreaOf } from '../pipeline/modelPorts.ts';
import { runtimePreference } from './runtimePreference.ts';
import { expectOther, expectPictureName, freePlace } from './usableOutput.ts';
import { UsageError } from './usageError.ts';

/** One edit to make, as a line of JSON. */
const jobSchema = z.strictObject({
  input: z.string().min(1),
  /** Where the edit goes, at the size that the model works at; PNG, JPEG or WebP by its ending. */
  output: z.string().min(1),
  /** Where the photograph goes at that size, if it is wanted. */
  source: z.string().min(1).optional(),
  /** What is written: the layer as it is delivered, or the picture that the VAE decodes. */
  picture: z.enum(['delivered', 'decoded']).default('delivered'),
  emotion: z.enum(EMOTIONS),
  /** Replaces the instructions for the emotion, in a bundle conditioned on text. */
  instruction: z.string().trim().min(1).max(500).optional(),
  seed: z.int().min(0).default(42),
  steps: z.int().min(2).max(100).optional(),
  guidanceScale: z.number().min(0).max(20).optional(),
});
type Job = z.infer<typeof jobSchema>;

interface BatchOptions {
  readonly bundle?: string;
  readonly mode: 'fast' | 'paper' | 'official';
  readonly conditioning?: ConditioningKind;
  readonly iei: boolean;
  readonly overwrite: boolean;
}

/** `emoeditor batch < jobs.jsonl`: many edits with the models loaded once; for building data sets. */
export function batchCommand(): Command {
  return new Command('batch')
    .description('make many edits at the model’s own size: a line of JSON in, a line of JSON out')
    .option('-b, --bundle <name or folder>', 'model bundle; the starter when left out')
    .addOption(
      new Option('-m, --mode <mode>', 'rules of Iterative Emotion Inference')
        .choices(['fast', 'paper', 'official'])
        .default('fast'),
    )
    .addOption(
      new Option('--conditioning <what>', 'what the model is told; see emoeditor edit').choices(
        CONDITIONINGS,
      ),
    )
    .option('--no-iei', 'one iteration, whatever the critic says of it')
    .option('--overwrite', 'replace outputs that exist; never a file that is an input', false)
    .addHelpText(
      'after',
      '\nExample line:\n  {"input": "photo.jpg", "output": "fear.png", "emotion": "fear", "instruction": "Make it a dark night", "seed": 7}\nA line that cannot be carried out is answered with {"error": ...}, and the next one is tried.',
    )
    .action(run);
}

async function run({ bundle, mode, conditioning, iei, overwrite }: BatchOptions): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  const { signal } = controller;
  const ablation: Ablation = conditioning === undefined ? { iei } : { iei, conditioning };
  const loaded = await loadBundle(bundle ?? null, { signal, ...runtimePreference() });
  const settings: Settings = { mode, ablation, overwrite, inputs: new Set() };
  try {
    for await (const line of createInterface({ input: process.stdin, signal })) {
      if (line.trim() === '') continue;
      const answer = await carryOut(line, loaded, settings, signal).catch(failure);
      signal.throwIfAborted();
      console.log(JSON.stringify(answer));
    }
    signal.throwIfAborted();
  } finally {
    process.removeListener('SIGINT', stop);
    await loaded.release();
  }
}

interface Settings {
  readonly mode: BatchOptions['mode'];
  readonly ablation: Ablation;
  readonly overwrite: boolean;
  /** Identities of the photographs of this line and of those before it. */
  readonly inputs: Set<string>;
}

async function carryOut(
  line: string,
  loaded: LoadedBundle,
  { mode, ablation, overwrite, inputs }: Settings,
  signal: AbortSignal,
) {
  const job = jobSchema.parse(JSON.parse(line));
  inputs.add((await identityOf(job.input)) ?? job.input);
  await usable(job, overwrite, inputs);
  const { pixels } = await openDocument(job.input);
  const { info } = loaded.models;
  const proxy = await makeProxy(pixels, workingAreaOf(info, mode), info.sizeMultiple);
  const models = withInstruction(loaded.models, job);
  const editor = createEditor({ ...loaded, models, ablation });
  const { seed, steps, guidanceScale } = job;
  const target = { kind: 'emotion', emotion: job.emotion };
  const request = editRequestSchema.parse({ target, mode, seed, steps, guidanceScale });
  const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, signal);
  const chosen = outcome.iterations[outcome.chosen];
  if (chosen === undefined) throw new RangeError('Expected a chosen iteration but there is none.');
  const picture = job.picture === 'decoded' ? chosen.decoded : chosen.delivered;
  await savePlanar(job.output, picture, outcome.extent, overwrite);
  if (job.source !== undefined) {
    await savePlanar(job.source, outcome.source, outcome.extent, overwrite);
  }
  const { ssim, verdict, distribution } = chosen.report;
  const { sourceDistribution: before, unetEvaluations } = outcome;
  return { output: job.output, before, after: distribution, ssim, verdict, unetEvaluations };
}

/**
 * Refuses a line whose files could not be written, or would replace a photograph or each other.
 * @throws UsageError, FileError
 */
async function usable(
  { output, source }: Job,
  overwrite: boolean,
  inputs: ReadonlySet<string>,
): Promise<void> {
  for (const path of source === undefined ? [output] : [output, source]) {
    if (inputs.has((await identityOf(path)) ?? '')) {
      throw new UsageError(
        `${path} is an input, perhaps by another name.`,
        'Give another file: no photograph is ever overwritten.',
      );
    }
    expectPictureName(path);
    await freePlace(path, overwrite);
  }
  if (source !== undefined) await expectOther(source, output, 'is where the edit goes');
}

/** The models, with the job's instruction as the only one for its emotion. */
function withInstruction(
  models: LoadedBundle['models'],
  { emotion, instruction }: Job,
): LoadedBundle['models'] {
  const { instructions } = models;
  if (instruction === undefined || instructions === undefined) return models;
  const lists = { ...instructions.lists, [emotion]: [instruction] };
  return { ...models, instructions: { ...instructions, lists } };
}

function failure(error: unknown) {
  if (error instanceof z.ZodError) return { error: z.prettifyError(error) };
  const { message, hint } = error as { readonly message?: string; readonly hint?: string };
  return { error: [message ?? String(error), hint].filter(Boolean).join(' ') };
}
