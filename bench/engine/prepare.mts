import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { graphFile } from '@emoeditor/companion-server/models/bundle.ts';
import {
  EMIT_PROFILES,
  type EmitProfile,
  profilesFor,
} from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type {
  StorageType,
  StoredWeight,
  Weight,
} from '@emoeditor/companion-server/onnx/weights.ts';
import type { BenchModel } from './models.mts';
import { randomWeights } from './randomWeights.mts';

/** Where each tensor lies, for the peers. */
type Index = Readonly<Record<string, readonly [offset: number, shape: readonly number[]]>>;

/** Folder of the graphs that compute in these numbers, over weights that are stored so. */
export const folderFor = (folder: string, numbers: EmitProfile['numbers']): string =>
  numbers === 'float16' ? join(folder, numbers) : folder;

/**
 * Writes the model once: weights in float32 with an index for the peers, and the graphs of every profile that the
 * provider may have. For the CPU also int8, for a graphics card also float16.
 */
export async function prepare(
  folder: string,
  { config }: BenchModel,
  provider: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const build = (to: string, weights: string, stored: StorageType, graphs: Graphs) =>
    writeGraphs(to, weights, stored, graphs, config);
  const inNumbers = (numbers: EmitProfile['numbers']): Graphs =>
    Object.fromEntries(
      profilesFor(provider)
        .filter((profile) => profile.numbers === numbers)
        .map((profile) => [graphFile('unet', profile.name), profile]),
    );
  const index = await build(folder, 'unet.weights', 'float32', {
    'unet.onnx': EMIT_PROFILES.cpu,
    'unet.portable.onnx': EMIT_PROFILES.portable,
    ...inNumbers('float32'),
  });
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  if (provider === 'cpu') {
    await build(folder, 'unet.int8.weights', 'int8', { 'unet.int8.onnx': EMIT_PROFILES.cpu });
    return;
  }
  const half = folderFor(folder, 'float16');
  await mkdir(half, { recursive: true });
  await build(half, 'unet.weights', 'float16', inNumbers('float16'));
}

type Graphs = Readonly<Record<string, EmitProfile>>;

/** Graphs by file name over one file of weights, which is left alone where it is there already. */
async function writeGraphs(
  folder: string,
  weights: string,
  stored: StorageType,
  graphs: Graphs,
  config: BenchModel['config'],
): Promise<Index> {
  const layout = createWeightsLayout(weights, stored);
  const places = new Map<string, StoredWeight>();
  const index: Record<string, Index[string]> = {};
  const place = (weight: Weight): StoredWeight => {
    const found = places.get(weight.name) ?? layout.place(weight);
    places.set(weight.name, found);
    index[weight.name] = [found.place.offset, weight.shape];
    return found;
  };
  for (const [name, profile] of Object.entries(graphs)) {
    const builder = createGraphBuilder('unet', randomWeights, { place }, profile);
    buildUNet(builder, config);
    await writeFile(join(folder, name), encodeModel(builder.finish()));
  }
  const path = join(folder, weights);
  const known = await stat(path).catch(() => null);
  if (known?.size !== layout.bytes) {
    await layout.write(path, { signal: new AbortController().signal });
  }
  return index;
}
