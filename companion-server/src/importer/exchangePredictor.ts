import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { exists } from '../files/onDisk.ts';
import { BUNDLE_FILE, type Bundle, weightsFile } from '../models/bundle.ts';
import { readBundle } from '../models/readBundle.ts';
import { fastAcceptanceSchema } from '../pipeline/ieiRules/fastAcceptance.ts';
import { buildGraphs } from './bundle/buildGraphs.ts';
import { graphsOfPredictor } from './bundle/graphsOf.ts';
import { openPartialBundle, type PartialBundle } from './bundle/partialBundle.ts';
import { openCheckpoint } from './checkpoint/openCheckpoint.ts';
import { weightsIn } from './checkpoint/weightsIn.ts';
import { CARD_FILE } from './sources/exportFolder.ts';
import { PART_CONFIGS, type Part } from './sources/modelSource.ts';
import { readConfig } from './sources/readConfig.ts';
import { createWeightReader } from './weights/weightReader.ts';
import { createWeightsLayout } from './weights/weightsFile.ts';

/** `card.json` beside a predictor: what it learnt from and how well it does becomes the bundle's provenance. */
const predictorCardSchema = z.looseObject({ acceptance: z.optional(fastAcceptanceSchema) });

type BundleFiles = Bundle['files'];
type Config = Part<'predictor'>['config'];

/** As it is stored everywhere: the graph computes in float32. */
const STORED = 'float16';

/**
 * Writes a bundle that is another one with a predictor of somebody's training in the place of its own.
 * @param from folder of the bundle; it is left as it is
 * @param predictor folder with `config.json`, weights and, as our training writes it, `card.json`
 * @throws ImportError, ModelError for a bundle that is damaged, the signal's reason
 */
export async function exchangePredictor(
  from: string,
  target: string,
  predictor: string,
  signal: AbortSignal,
): Promise<Bundle> {
  const bundle = await readBundle(from);
  const config = await readConfig(join(predictor, 'config.json'), PART_CONFIGS.predictor);
  const cardFile = join(predictor, CARD_FILE);
  const card = (await exists(cardFile)) ? await readConfig(cardFile, predictorCardSchema) : {};
  const weights = await openCheckpoint(await weightsIn(predictor, ['model']));
  try {
    const partial = await openPartialBundle(`${target}.partial`, `${from} with ${predictor}`);
    for (const name of await readdir(from)) {
      const isKept = !isPredictors(name) && name !== BUNDLE_FILE;
      if (isKept) await copyFile(join(from, name), partial.path(name));
    }
    const files = [
      ...bundle.files.filter(({ name }) => !isPredictors(name)),
      ...(await writePredictor(partial, { config, weights }, signal)),
    ];
    const changed = describe(bundle, config, card, files);
    await writeFile(partial.path(BUNDLE_FILE), `${JSON.stringify(changed, null, 2)}\n`);
    await partial.rename(target);
    return changed;
  } finally {
    await weights.close();
  }
}

async function writePredictor(
  partial: PartialBundle,
  predictor: Part<'predictor'>,
  signal: AbortSignal,
): Promise<BundleFiles> {
  const files: BundleFiles = [];
  const weights = createWeightReader(predictor.weights);
  for (const [part, build] of graphsOfPredictor(predictor).graphs) {
    const file = weightsFile(part);
    const layout = createWeightsLayout(file, STORED, new Map());
    const { graphs } = buildGraphs({ part, build, weights, isExact: true }, layout);
    for (const [name, onnx] of graphs) {
      await writeFile(partial.path(name), onnx);
      files.push(await partial.finish(name));
    }
    await layout.write(partial.path(file), { signal });
    files.push(await partial.finish(file));
  }
  return files;
}

const isPredictors = (name: string): boolean => name.startsWith('predictor.');

function describe(
  { acceptance: _, ...bundle }: Bundle,
  { input_size: inputSize, mean, std, temperature }: Config,
  { acceptance, ...facts }: z.infer<typeof predictorCardSchema>,
  files: BundleFiles,
): Bundle {
  return {
    ...bundle,
    predictor: { inputSize, mean, std, temperature },
    ...(acceptance === undefined ? {} : { acceptance }),
    precision: { ...bundle.precision, predictor: STORED },
    files,
    provenance: { ...bundle.provenance, predictor: facts },
  };
}
