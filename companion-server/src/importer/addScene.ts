import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { exists } from '../files/onDisk.ts';
import { BUNDLE_FILE, type Bundle, graphFile, weightsFile } from '../models/bundle.ts';
import { readBundle } from '../models/readBundle.ts';
import { buildSceneDecoder, sceneDecoderConfigSchema } from './architectures/sceneDecoder.ts';
import { buildGraphs } from './bundle/buildGraphs.ts';
import type { Build } from './bundle/graphsOf.ts';
import { openPartialBundle, type PartialBundle } from './bundle/partialBundle.ts';
import { openCheckpoint } from './checkpoint/openCheckpoint.ts';
import { weightsIn } from './checkpoint/weightsIn.ts';
import { ImportError } from './importError.ts';
import { CARD_FILE } from './sources/exportFolder.ts';
import { readConfig } from './sources/readConfig.ts';
import { weightsTooLossyForInt8 } from './weights/roundingError.ts';
import { createWeightReader } from './weights/weightReader.ts';
import { createWeightsLayout } from './weights/weightsFile.ts';

type BundleFiles = Bundle['files'];

/** Graphs that are there already, weights inside, and the terms they come under. */
const CONVERTED = [graphFile('faces'), graphFile('selfie'), 'LICENSE.mediapipe.txt'] as const;
/** Everything of a scene in a bundle; an older one goes. */
const isScenes = (name: string) =>
  name.startsWith('scene.') || (CONVERTED as readonly string[]).includes(name);
const cardSchema = z.record(z.string(), z.unknown());

/**
 * Writes a bundle that is another one with the networks that tell what a scene shows.
 * @param from folder of the bundle; it is left as it is
 * @param scene folder as `python -m scene_maps.export` writes it
 * @throws ImportError; ModelError for a bundle that is damaged; the signal's reason
 */
export async function addScene(
  from: string,
  target: string,
  scene: string,
  signal: AbortSignal,
): Promise<Bundle> {
  if (await exists(target)) {
    throw new ImportError(
      'OUTPUT_EXISTS',
      `${target} exists already.`,
      'Choose another name, or remove it first.',
    );
  }
  const bundle = await readBundle(from);
  const config = await readConfig(join(scene, 'config.json'), sceneDecoderConfigSchema);
  const card = await readConfig(join(scene, CARD_FILE), cardSchema);
  const partial = await openPartialBundle(`${target}.partial`, `${from} with ${scene}`);
  for (const name of await readdir(from)) {
    if (!isScenes(name) && name !== BUNDLE_FILE) {
      await copyFile(join(from, name), partial.path(name));
    }
  }
  const build: Build = (graph, weights) => buildSceneDecoder(graph, config, weights);
  const files = [
    ...bundle.files.filter(({ name }) => !isScenes(name)),
    ...(await writeDecoder(partial, build, scene, signal)),
    ...(await copyConverted(partial, scene)),
  ];
  const changed: Bundle = {
    ...bundle,
    scene: { inputSize: config.input_size },
    precision: { ...bundle.precision, scene: 'int8', faces: 'float16', selfie: 'float16' },
    files,
    provenance: { ...bundle.provenance, scene: card },
  };
  await writeFile(partial.path(BUNDLE_FILE), `${JSON.stringify(changed, null, 2)}\n`);
  await partial.rename(target);
  return changed;
}

/** Weights in int8, which no place of the maps shows; the graph computes in float32. */
async function writeDecoder(
  partial: PartialBundle,
  build: Build,
  scene: string,
  signal: AbortSignal,
): Promise<BundleFiles> {
  const part = 'scene';
  const checkpoint = await openCheckpoint(await weightsIn(scene, ['model']));
  try {
    const weights = createWeightReader(checkpoint);
    const file = weightsFile(part);
    const layout = createWeightsLayout(
      file,
      'int8',
      await weightsTooLossyForInt8(build, weights, signal),
    );
    const { graphs } = buildGraphs({ part, build, weights, isExact: true }, layout);
    const files: BundleFiles = [];
    for (const [name, onnx] of graphs) {
      await writeFile(partial.path(name), onnx);
      files.push(await partial.finish(name));
    }
    await layout.write(partial.path(file), { signal });
    files.push(await partial.finish(file));
    return files;
  } finally {
    await checkpoint.close();
  }
}

async function copyConverted(partial: PartialBundle, scene: string): Promise<BundleFiles> {
  const files: BundleFiles = [];
  for (const name of CONVERTED) {
    await copyFile(join(scene, name), partial.path(name)).catch((cause: unknown) => {
      throw new ImportError(
        'MISSING_FILE',
        `Expected ${join(scene, name)} but it cannot be read.`,
        'Give a folder as python -m scene_maps.export writes it, complete.',
        cause,
      );
    });
    files.push(await partial.finish(name));
  }
  return files;
}
