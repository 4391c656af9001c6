import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { graphsOf } from '@emoeditor/companion-server/importer/bundle/graphsOf.ts';
import { prepareBundle } from '@emoeditor/companion-server/importer/bundle/prepareBundle.ts';
import { namesInFile } from '@emoeditor/companion-server/importer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '@emoeditor/companion-server/importer/checkpoint/openCheckpoint.ts';
import type { ModelSource } from '@emoeditor/companion-server/importer/sources/modelSource.ts';
import { openModelSource } from '@emoeditor/companion-server/importer/sources/openModelSource.ts';
import type { SourceOptions } from '@emoeditor/companion-server/importer/sources/sourceOptions.ts';
import { storageOfParts } from '@emoeditor/companion-server/importer/weights/storage.ts';
import { createWeightReader } from '@emoeditor/companion-server/importer/weights/weightReader.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { describe, expect, it } from 'vitest';
import {
  ldmTensors,
  safetensors,
  torch,
  writeAuthors,
  writeDiffusers,
  writeExport,
  writeLdm,
} from '../../fakes/checkpoints/publishedModels.ts';
import { type NamedTensor, TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const GOLDEN = join(import.meta.dirname, '../../golden');
const WHOLE = 'all of it';
const folder = temporaryFolder('each');

const one = (name: string): NamedTensor => ({ name, shape: [1], values: Float32Array.of(1) });

async function lay(path: string, tensors: readonly NamedTensor[]): Promise<void> {
  await mkdir(dirname(folder(path)), { recursive: true });
  await (path.endsWith('.safetensors') ? safetensors : torch)(folder(path), tensors);
}

async function goldenTensors(path: string): Promise<NamedTensor[]> {
  const file = await openCheckpoint(join(GOLDEN, path));
  const tensors = Array.from(file.shapes, async ([name, shape]) => {
    return { name, shape, values: await file.read(name) };
  });
  return Promise.all(tensors).finally(file.close);
}

const textEncoder = () => goldenTensors('text/model.safetensors');

/** The golden predictor, beside the model. */
async function predictor(): Promise<Pick<SourceOptions, 'predictor'>> {
  await cp(join(GOLDEN, 'models/predictor'), folder('predictor'), { recursive: true });
  return { predictor: folder('predictor') };
}

async function emotionEncoder(): Promise<Pick<SourceOptions, 'emotionEncoder'>> {
  await lay('enc.pt', TENSORS.emotion_encoder);
  return { emotionEncoder: folder('enc.pt') };
}

/** What each file under the test's folder holds, shards one by one. */
async function namesOnDisk(): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  for (const path of await readdir(folder(), { recursive: true })) {
    if (!/\.(pt|ckpt|bin|safetensors)$/.test(path)) continue;
    const file = await openCheckpoint(folder(path));
    names.set(folder(path), [...file.shapes.keys(), ...(file.aside ?? [])]);
    await file.close();
  }
  return names;
}

/** What the builders of the graphs take, by its name in the file. */
function placedOf(source: ModelSource): string[] {
  return graphsOf(source).flatMap(({ weights, graphs }) => {
    const taken = new Set<string>();
    const reader = createWeightReader(weights);
    const recorder = {
      take(name: string, shape: readonly number[]) {
        taken.add(name);
        return reader.take(name, shape);
      },
    };
    for (const [part, build] of graphs) {
      const layout = createWeightsLayout(part, 'float32');
      build(createGraphBuilder(part, recorder, layout), recorder);
    }
    return namesInFile(weights, taken);
  });
}

/** @returns what is listed as unused, by part, file or folder */
async function expectEveryTensor(
  path: string,
  options: SourceOptions,
): Promise<Record<string, readonly string[]>> {
  const onDisk = await namesOnDisk();
  const source = await openModelSource(path, options);
  try {
    const storage = storageOfParts('float32');
    const prepared = await prepareBundle(source, storage, new AbortController().signal);
    const both = [...Object.keys(prepared.unused), ...Object.keys(source.unused)];
    expect(new Set(both).size).toBe(both.length);
    const unused = Object.entries({ ...prepared.unused, ...source.unused });
    const listed = unused.flatMap(([where, names]) =>
      names.flatMap((name) => (name === WHOLE ? namesUnder(onDisk, join(path, where)) : name)),
    );
    expect([...placedOf(source), ...listed].toSorted()).toEqual([...onDisk.values()].flat().sort());
    return Object.fromEntries(unused.filter(([, names]) => names.length > 0));
  } finally {
    await source.close();
  }
}

const namesUnder = (onDisk: ReadonlyMap<string, string[]>, path: string) =>
  [...onDisk].flatMap(([file, names]) => (relative(path, file).startsWith('..') ? [] : names));

describe('every tensor is placed or listed', () => {
  it('of a file of CompVis’ code', async () => {
    await writeLdm(folder('small.ckpt'));
    const options = { ...(await predictor()), ...(await emotionEncoder()) };
    const unused = await expectEveryTensor(folder('small.ckpt'), options);
    expect(unused).toEqual({ 'small.ckpt': ['betas'] });
  });

  it('of one with running averages and a text encoder', async () => {
    const tensors = ldmTensors();
    const averages = tensors.flatMap((tensor) => {
      const [, rest] = /^model\.(diffusion_model\..*)$/.exec(tensor.name) ?? [];
      return rest === undefined || rest.includes('out.2.')
        ? []
        : [{ ...tensor, name: `model_ema.${rest.replaceAll('.', '')}` }];
    });
    const words = (await textEncoder()).map((tensor) => ({
      ...tensor,
      name: `cond_stage_model.transformer.${tensor.name}`,
    }));
    const file = 'averaged.safetensors';
    await lay(file, [...tensors, ...averages, one('model_ema.decay'), ...words]);
    const options = { ...(await predictor()), ...(await emotionEncoder()) };
    const { [file]: names, ...others } = await expectEveryTensor(folder(file), options);
    expect(others).toEqual({});
    expect(names).toContain('model.diffusion_model.out.0.weight');
    expect(names).not.toContain('model.diffusion_model.out.2.weight');
    expect(names?.filter((name) => name.startsWith('model_ema.'))).toEqual(['model_ema.decay']);
  });

  it('of the authors’ files, and of those that another takes the place of', async () => {
    await writeAuthors(folder('release'));
    await lay('release/old/model_emoenc.pt', [one('step')]);
    await lay('release/model/notes.pt', [one('note')]);
    await lay('release/old/notes.pt', [one('note'), one('date')]);
    await lay('release/old/runs/1/best.pt', [one('loss')]);
    const resnet = await goldenTensors('resnet/basic.safetensors');
    await lay('release/emo_predictor/emo_predictor.pt', resnet);
    const alone = await expectEveryTensor(folder('release'), {});
    expect(alone).toEqual({
      predictor: expect.arrayContaining(['bn1.num_batches_tracked']),
      'model/notes.pt': ['note'],
      'old/notes.pt': ['note', 'date'],
      'old/model_emoenc.pt': ['step'],
      'old/runs/1/': [WHOLE],
    });
    const same = { emotionEncoder: folder('release/model/model_emoenc.pt') };
    expect(await expectEveryTensor(folder('release'), same)).toEqual(alone);
    const replaced = await expectEveryTensor(folder('release'), {
      ...(await predictor()),
      ...(await emotionEncoder()),
    });
    expect(replaced['model/model_emoenc.pt']).toContain('fc.0.weight');
    expect(replaced['emo_predictor/emo_predictor.pt']).toContain('layer1.0.conv1.weight');
  });

  it('of shards by their index alone', async () => {
    const half = Math.floor(TENSORS.unet.length / 2);
    const twice = TENSORS.unet[0]?.name ?? '';
    const shards = [
      TENSORS.unet.slice(0, half),
      [...TENSORS.unet.slice(half), one('spare'), one(twice)],
    ];
    const weight_map: Record<string, string> = {};
    for (const [index, tensors] of shards.entries()) {
      const file = `unet-${index}.safetensors`;
      await lay(`sharded/${file}`, tensors);
      for (const { name } of tensors) if (name !== 'spare') weight_map[name] ??= file;
    }
    await writeFile(folder('sharded/unet.safetensors.index.json'), JSON.stringify({ weight_map }));
    await lay('sharded/vae/vae.safetensors', TENSORS.vae);
    await lay('sharded/enc.safetensors', TENSORS.emotion_encoder);
    const unused = await expectEveryTensor(folder('sharded'), await predictor());
    expect(unused).toEqual({ 'unet.safetensors.index.json': ['spare', twice] });
  });

  it('of a diffusers folder, whose other components are listed as a whole', async () => {
    await writeDiffusers(folder('pipeline'));
    await lay('pipeline/text_encoder/model.safetensors', await textEncoder());
    await lay('pipeline/safety_checker/pytorch_model.bin', [one('concept_embeds'), one('w')]);
    await lay('pipeline/unet/diffusion_pytorch_model.fp16.safetensors', [one('conv_in.bias')]);
    await lay('pipeline/v1-5.ckpt', [one('betas')]);
    await lay('pipeline/unet/old/model.bin', [one('conv_in.bias')]);
    const options = { ...(await predictor()), ...(await emotionEncoder()) };
    const unused = await expectEveryTensor(folder('pipeline'), options);
    expect(unused).toEqual({
      'safety_checker/': [WHOLE],
      'text_encoder/': [WHOLE],
      'unet/diffusion_pytorch_model.fp16.safetensors': [WHOLE],
      'unet/old/': [WHOLE],
      'v1-5.ckpt': [WHOLE],
    });
  });

  it('of a diffusers folder that follows instructions', async () => {
    await writeDiffusers(folder('pipeline'));
    await cp(join(GOLDEN, 'text'), folder('pipeline/text_encoder'), { recursive: true });
    await lay('pipeline/text_encoder/model.safetensors', [
      ...(await textEncoder()),
      one('text_model.embeddings.position_ids'),
    ]);
    const tokenizer = join(GOLDEN, 'instruct/tokenizer');
    const unused = await expectEveryTensor(folder('pipeline'), { tokenizer });
    expect(unused).toEqual({
      textEncoder: ['text_model.embeddings.position_ids'],
      'text_encoder/io.safetensors': [WHOLE],
    });
  });

  it('of an export of our training, with a tiny decoder beside, and of files that it does not name', async () => {
    await writeExport(folder('export'), join(GOLDEN, 'models/predictor'));
    await lay('export/unet/averages.safetensors', [one('conv_in.bias')]);
    await lay('export/optimiser/state.pt', [one('step')]);
    const tiny = await goldenTensors('tiny/diffusion_pytorch_model.safetensors');
    await lay('tiny.safetensors', [...tiny, one('step')]);
    const tinyDecoder = folder('tiny.safetensors');
    const { tinyDecoder: names, ...others } = await expectEveryTensor(folder('export'), {
      tinyDecoder,
    });
    expect(others).toEqual({
      'unet/averages.safetensors': [WHOLE],
      'optimiser/': [WHOLE],
    });
    expect(names).toContain('step');
    expect(names?.every((name) => name === 'step' || name.startsWith('encoder.'))).toBe(true);
  });
});
