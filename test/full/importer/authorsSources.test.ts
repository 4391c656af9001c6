import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32, smallBundle, sums } from '../../fakes/checkpoints/madeOnce.ts';
import { torch, writeAuthors, writeLdm } from '../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

/* More formats: modelSources.test.ts. */

const shared = temporaryFolder();
const folder = temporaryFolder('each');
/** sha256 by file of the bundle that our own export of the same numbers gives. */
let expected: Record<string, string>;

beforeAll(async () => {
  await writeAuthors(shared('release'));
  expected = sums((await readBundle(await smallBundle())).files);
});

/** The authors' files, for a test that changes them. */
const copyRelease = (to: string) => cp(shared('release'), to, { recursive: true });

describe('importBundle gives the same graphs and weights', () => {
  it('of the authors’ folder', async () => {
    const { bundle, unused } = await importBundle(shared('release'), folder('new'), {
      ...float32,
      name: 'EmoEditor',
      licence: 'unknown',
    });
    expect(sums(bundle.files)).toEqual(expected);
    expect(unused).toEqual({});
    expect(bundle).toMatchObject({
      name: 'EmoEditor',
      licence: 'unknown',
      workingSize: { area: 224 * 224 },
      conditioning: { tokens: 5, width: 24 },
      provenance: { importedFrom: ['model_emoenc.pt', 'model_ip2p.pt', 'model.safetensors'] },
    });
  });
});

describe('importBundle refuses', () => {
  const refusal = async (path: string, options: ImportOptions, code: string, reason: RegExp) => {
    await expect(importBundle(path, folder('new'), options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
    expect((await readdir(folder())).filter((name) => name.startsWith('new'))).toEqual([]);
  };

  it('a model without its emotion encoder, and says how to give it', async () => {
    await writeLdm(folder('small.ckpt'));
    await refusal(
      folder('small.ckpt'),
      float32,
      'MISSING_FILE',
      /an emotion encoder.*only a UNet, a VAE/,
    );
  });

  it('a model without a predictor', async () => {
    await copyRelease(folder());
    await refusal(folder(), {}, 'MISSING_FILE', /an emotion predictor/);
  });

  it('a folder with two of a kind', async () => {
    await copyRelease(folder());
    await cp(folder('model/model_emoenc.pt'), folder('model/old.pt'));
    await refusal(folder(), float32, 'UNSUPPORTED', /model_emoenc\.pt and .*old\.pt both/);
  });

  it('an emotion encoder for another UNet', async () => {
    await copyRelease(folder());
    const [first, ...rest] = TENSORS.emotion_encoder.toReversed();
    await torch(folder('other.pt'), [
      ...rest,
      { name: 'fc.4.weight', shape: [121, 24], values: new Float32Array(121 * 24) },
    ]);
    expect(first?.name).toBe('fc.4.bias');
    await rm(folder('model/model_emoenc.pt'));
    await refusal(
      folder(),
      { ...float32, emotionEncoder: folder('other.pt') },
      'UNSUPPORTED',
      /width 24.*121 numbers/,
    );
  });

  it('a tensor that is missing, by name and shape', async () => {
    await copyRelease(folder());
    const tensors = TENSORS.emotion_encoder.filter(({ name }) => name !== 'fc.2.bias');
    await torch(folder('model/model_emoenc.pt'), tensors);
    await refusal(folder(), float32, 'MISSING_TENSOR', /fc\.2\.bias \[24\]/);
  });

  it('a tensor that is not a number, after others were written', async () => {
    await copyRelease(folder());
    const tensors = TENSORS.emotion_encoder.map((tensor) =>
      tensor.name === 'fc.2.bias'
        ? { ...tensor, values: tensor.values.map(() => Number.NaN) }
        : tensor,
    );
    await torch(folder('model/model_emoenc.pt'), tensors);
    await refusal(folder(), float32, 'UNSUPPORTED', /fc\.2\.bias but it holds NaN/);
  });

  it('a pipeline of another family', async () => {
    await writeFile(folder('model_index.json'), '{"_class_name": "StableDiffusionXLPipeline"}');
    await refusal(folder(), float32, 'UNSUPPORTED', /is a StableDiffusionXLPipeline/);
  });

  it('a folder without a model, and a path that is not there', async () => {
    await refusal(
      folder(),
      float32,
      'MISSING_FILE',
      /card\.json.*model_index\.json.*checkpoint files/,
    );
    await refusal(folder('none'), float32, 'MISSING_FILE', /not there/);
  });
});
