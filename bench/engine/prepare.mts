import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildUNet } from '@emoeditor/companion-server/importer/unet2dCondition.ts';
import {
  createWeightsLayout,
  type WeightsLayout,
} from '@emoeditor/companion-server/importer/weightsFile.ts';
import { EMIT_PROFILES, type EmitProfile } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { BenchModel } from './models.mts';
import { randomWeights } from './randomWeights.mts';

/** Writes the model once: graphs and weights in float32 and int8, and an index of the former for the peers. */
export async function prepare(folder: string, { config }: BenchModel): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const index: Record<string, readonly [number, readonly number[]]> = {};
  const graph = async (file: string, layout: WeightsLayout, profile: EmitProfile) => {
    const builder = createGraphBuilder(
      'unet',
      randomWeights,
      {
        place(weight) {
          const stored = layout.place(weight);
          if (stored.type === 'float32') index[weight.name] ??= [stored.place.offset, weight.shape];
          return stored;
        },
      },
      profile,
    );
    buildUNet(builder, config);
    await writeFile(join(folder, file), encodeModel(builder.finish()));
    return layout;
  };
  const float = () => createWeightsLayout('unet.weights', 'float32');
  await graph('unet.portable.onnx', float(), EMIT_PROFILES.portable);
  await written(join(folder, 'unet.weights'), await graph('unet.onnx', float(), EMIT_PROFILES.cpu));
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  const bytes = createWeightsLayout('unet.int8.weights', 'int8');
  await written(
    join(folder, 'unet.int8.weights'),
    await graph('unet.int8.onnx', bytes, EMIT_PROFILES.cpu),
  );
}

async function written(path: string, layout: WeightsLayout): Promise<void> {
  const known = await stat(path).catch(() => null);
  if (known?.size === layout.bytes) return;
  await layout.write(path, { signal: new AbortController().signal });
}
