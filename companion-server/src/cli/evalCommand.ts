import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { type EvaluationConfig, readEvaluationConfig } from '../evaluation/evaluationConfig.ts';
import { judgeHash, openJudges } from '../evaluation/judges.ts';
import { WAITING } from '../evaluation/methods/waiting.ts';
import { writeReport } from '../evaluation/report/writeReport.ts';
import { type PhotographFile, photographsOf } from '../evaluation/run/photographs.ts';
import { openResults, type Results } from '../evaluation/run/results.ts';
import { runEvaluation } from '../evaluation/run/runEvaluation.ts';
import { BUNDLE_FILE } from '../models/bundle.ts';
import { findBundle } from '../models/bundleStore.ts';
import { VERSION } from '../version.ts';
import { evalBundles, evalMethods, eyesOf } from './evalMethods.ts';
import { createEvalProgress } from './evalProgress.ts';
import { runtimePreference } from './runtimePreference.ts';
import { UsageError } from './usageError.ts';

interface EvalOptions {
  readonly out?: string;
  readonly report: boolean;
}

/** `emoeditor eval config.json` */
export function evalCommand(): Command {
  return new Command('eval')
    .description('measure what methods make of photographs and write a report: docs/evaluation.md')
    .argument('<config>', 'JSON file: methods, photographs, targets')
    .option('-o, --out <folder>', 'where results and report go; the config’s own “out” otherwise')
    .option('--report', 'write the report of the results that are there and make no edit', false)
    .addHelpText(
      'after',
      '\nResults are kept one file an edit: a run that was stopped goes on where it was.\n\nExample:\n  emoeditor eval bench/evaluation/samples.json --out evaluation',
    )
    .action(run);
}

async function run(file: string, options: EvalOptions): Promise<void> {
  const config = await readEvaluationConfig(file);
  const out = options.out ?? (config.out === undefined ? null : resolve(config.folder, config.out));
  if (out === null) {
    throw new UsageError('The evaluation has no folder for its results.', 'Give one with --out.');
  }
  for (const name of config.waiting) console.error(`${name} ${WAITING[name]?.waitsFor}`);
  const photographs = await photographsOf(config);
  const madeBy = await madeByOf(config, photographs);
  const results = await openResults(out, madeBy);
  if (!options.report) await makeEdits(config, photographs, results);
  const paths = await writeReport({ folder: out, config, photographs, results, madeBy });
  console.log(paths.map((path) => `wrote ${path}`).join('\n'));
}

async function makeEdits(
  config: EvaluationConfig,
  photographs: readonly PhotographFile[],
  results: Results,
): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort(stopped());
  process.once('SIGINT', stop);
  const { signal } = controller;
  const progress = createEvalProgress(process.stderr);
  const bundles = evalBundles(signal);
  const bundle = config.bundle ?? null;
  const judges = await openJudges(bundle, judgeOf(config), runtimePreference().threads ?? 1);
  try {
    const eyes = eyesOf(await bundles.load(bundle), signal);
    const methods = evalMethods(config, photographs, judges, eyes.see, bundles);
    const { targets } = config;
    await runEvaluation(
      { ...eyes, photographs, methods, targets, judges, results, version: VERSION },
      progress.show,
      signal,
    );
  } finally {
    progress.stop();
    process.removeListener('SIGINT', stop);
    for (const judge of Object.values(judges)) await judge.release();
    await bundles.release();
  }
}

const judgeOf = ({ judge, folder }: EvaluationConfig) =>
  judge === undefined ? null : resolve(folder, judge);

/** What results depend on. Whoever changes any of it needs another folder. */
async function madeByOf(
  config: EvaluationConfig,
  photographs: readonly PhotographFile[],
): Promise<Record<string, unknown>> {
  const judge = judgeOf(config);
  const bundles = new Set([config.bundle ?? null]);
  for (const method of config.methods) {
    if (method.kind === 'editor') bundles.add(method.bundle ?? config.bundle ?? null);
  }
  const hashes: Record<string, string> = {};
  for (const name of bundles) {
    // The manifest holds the hashes of all other files.
    hashes[name ?? 'starter'] = await sha256(join(await findBundle(name), BUNDLE_FILE));
  }
  return {
    methods: config.methods,
    targets: config.targets,
    photographs: photographs.map(({ name, sha256: hash, region }) => ({
      ...{ name, sha256: hash, hasRegion: region !== null },
    })),
    bundles: hashes,
    judge: judge === null ? null : await judgeHash(judge),
    version: VERSION,
  };
}

const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

function stopped(): Error {
  const error = new Error('stopped', {
    cause: new Error(
      'The edits that were measured are kept; the same command goes on with the next.',
    ),
  });
  error.name = 'AbortError';
  return error;
}
