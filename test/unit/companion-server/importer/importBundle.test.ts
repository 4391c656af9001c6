import { cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const GOLDEN = join(import.meta.dirname, '../../../golden/models');
const folder = temporaryFolder('each');
let source: string;

beforeEach(async () => {
  source = folder('source');
  await cp(GOLDEN, source, { recursive: true });
});

const UNET = 'unet/diffusion_pytorch_model.safetensors';

async function changeConfig(path: string, change: object): Promise<void> {
  const whole = JSON.parse(await readFile(join(source, path), 'utf8'));
  await writeFile(join(source, path), JSON.stringify({ ...whole, ...change }));
}

/** Gives a tensor another name of the same length in the header. */
async function rename(path: string, from: string, to: string): Promise<void> {
  const bytes = await readFile(join(source, path));
  const at = bytes.indexOf(`"${from}"`);
  bytes.write(to, at + 1);
  await writeFile(join(source, path), bytes);
}

/** The import is refused and leaves nothing, not even an unfinished folder. */
async function expectRefusal(code: string, reason: RegExp): Promise<void> {
  await expect(importBundle(source, folder('new'))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(reason),
  });
  expect(await readdir(folder())).toEqual(['source']);
}

describe('importBundle writes', () => {
  it('a graph of its own for a provider only where its operators differ', async () => {
    const target = folder('new');
    await importBundle(source, target, { precision: { unet: 'int8' } });
    const { files } = await readBundle(target);
    const graphs = files.map(({ name }) => name).filter((name) => name.endsWith('.onnx'));
    expect(graphs.filter((name) => name.startsWith('unet'))).toEqual([
      'unet.onnx',
      'unet.cuda.onnx',
      'unet.dml.onnx',
      'unet.portable.onnx',
      'unet.portableHalf.onnx',
    ]);
    expect(graphs.filter((name) => name.startsWith('emotionEncoder'))).toEqual([
      'emotionEncoder.onnx',
    ]);
  });
});

describe('importBundle refuses', () => {
  it('a truncated checkpoint', async () => {
    await truncate(join(source, UNET), 20_000);
    await expectRefusal('TRUNCATED', /diffusion_pytorch_model.*expected at least \d+ bytes/);
  });

  it('a checkpoint without one of its tensors', async () => {
    await rename(UNET, 'conv_out.weight', 'conv_off.weight');
    await expectRefusal('MISSING_TENSOR', /conv_out\.weight \[4, 8, 3, 3\]/);
  });

  it('a tensor of another shape, with both', async () => {
    await changeConfig('unet/config.json', { block_out_channels: [8, 16, 28] });
    await expectRefusal('MISSHAPEN_TENSOR', /to be \[28, .*but it is \[24, /);
  });

  it('an autoencoder of an unknown class', async () => {
    await changeConfig('vae/config.json', { _class_name: 'AutoencoderDC' });
    await expectRefusal('BAD_CONFIG', /vae\/config\.json[\s\S]*_class_name/);
  });

  it('classes in another order', async () => {
    await changeConfig('predictor/config.json', { class_order: Array(8).fill('awe') });
    await expectRefusal('BAD_CONFIG', /amusement, anger, awe/);
  });

  it('weights that are not numbers', async () => {
    const path = join(source, UNET);
    const bytes = await readFile(path);
    bytes.fill(0xff, bytes.length - 200);
    await writeFile(path, bytes);
    await expectRefusal('UNSUPPORTED', /holds NaN/);
  });
});

describe('importBundle', () => {
  it('lists tensors that no graph uses', async () => {
    await changeConfig('vae/config.json', { use_quant_conv: false });
    const { unused } = await importBundle(source, folder('new'));
    expect(unused).toEqual({
      vae: ['quant_conv.bias', 'quant_conv.weight'],
      // What else lies in the golden folder.
      'io.safetensors': ['all of it'],
      'patch_vae/': ['all of it'],
      'residual_unet/': ['all of it'],
    });
  });

  it('reports progress for every weight and stores each part in the given precision', async () => {
    const seen: number[] = [];
    await importBundle(source, folder('new'), {
      precision: { unet: 'int8', predictor: 'float32' },
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const bundle = await readBundle(folder('new'));
    expect(bundle.precision).toEqual({
      unet: 'int8',
      vaeEncoder: 'float16',
      vaeDecoder: 'float16',
      emotionEncoder: 'float16',
      predictor: 'float32',
    });
  });
});
