import { execFileSync } from 'node:child_process';
import { cp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { graphFor } from '@emoeditor/companion-server/models/bundle.ts';
import { findBundle, listBundles } from '@emoeditor/companion-server/models/bundleStore.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { goldenBundle } from '../../../fakes/checkpoints/madeOnce.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const GOLDEN = join(import.meta.dirname, '../../../golden/models');
const bundles = temporaryFolder('each');
let bundle: string;

beforeEach(async () => {
  bundle = bundles('tiny');
  await cp(await goldenBundle('float16'), bundle, { recursive: true });
});

describe('a bundle', () => {
  it('says what the pipeline needs to know', async () => {
    expect(await readBundle(bundle)).toMatchObject({
      kind: 'emotion-direction',
      latents: { channels: 4, stride: 8, scalingFactor: 0.75 },
      conditioning: { tokens: 5, width: 20 },
      predictor: { temperature: 1.5 },
      precision: { unet: 'float16', predictor: 'float16' },
    });
  });

  it('may call the start strength of its levels `start`, as bundles of earlier versions do', async () => {
    const file = join(bundle, 'bundle.json');
    const level = (start: number) => ({ start, guidanceScale: 2 });
    const fast = {
      ...{ steps: 4, candidates: 2, weakest: level(0.6), strongest: level(0.9) },
      ...{ maxIterations: 3, maxUNetEvaluations: 60, maxSeconds: 30 },
    };
    const others = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...others, fast }));
    const read = (await readBundle(bundle)).fast;
    expect(read?.weakest).toEqual({ startStrength: 0.6, guidanceScale: 2 });
    expect(read?.strongest.startStrength).toBe(0.9);
  });

  it.skipIf(process.platform === 'win32')(
    'is damaged where a file is a pipe or a link to a device, which could block whoever reads it',
    async () => {
      for (const [name, makeOther] of [
        ['unet.weights', (path: string) => symlink('/dev/zero', path)],
        ['predictor.onnx', async (path: string) => void execFileSync('mkfifo', [path])],
      ] as const) {
        await rm(join(bundle, name));
        await makeOther(join(bundle, name));
        await expect(readBundle(bundle)).rejects.toMatchObject({
          code: 'MODEL_CORRUPT',
          message: expect.stringContaining(`${name} is no file`),
        });
        await rm(join(bundle, name));
        await cp(join(await goldenBundle('float16'), name), join(bundle, name));
      }
      await rm(join(bundle, 'bundle.json'));
      execFileSync('mkfifo', [join(bundle, 'bundle.json')]);
      await expect(readBundle(bundle)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    },
  );

  it('is the same to the byte when it is imported again', async () => {
    await importBundle(GOLDEN, bundles('again', 'tiny'), { precision: 'float16' });
    const texts = await Promise.all(
      [bundle, bundles('again', 'tiny')].map((at) => readFile(join(at, 'bundle.json'), 'utf8')),
    );
    expect(texts[0]).toBe(texts[1]);
  });

  it('is missing: the sentence says where it was looked for', async () => {
    await expect(loadModelSet(bundles('none'))).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('none'),
    });
  });

  it('has a changed byte: the checksum finds it before anything is loaded', async () => {
    const path = join(bundle, 'unet.weights');
    const bytes = await readFile(path);
    bytes[1000] = (bytes[1000] as number) ^ 1;
    await writeFile(path, bytes);
    await expect(loadModelSet(bundle)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining('unet.weights'),
    });
  });

  it.each([
    ['a file is cut short', (at: string) => truncate(join(at, 'predictor.onnx'), 10), 'has 10'],
    [
      'a file is gone',
      (at: string) => rm(join(at, 'vaeDecoder.weights')),
      'vaeDecoder.weights is missing',
    ],
    ['bundle.json is no JSON', (at: string) => writeFile(join(at, 'bundle.json'), '{'), 'no JSON'],
    [
      'bundle.json is something else',
      (at: string) => writeFile(join(at, 'bundle.json'), '{}'),
      'format',
    ],
  ])('is corrupt: %s', async (_, damage, sentence) => {
    await damage(bundle);
    await expect(readBundle(bundle)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining(sentence),
    });
  });

  it('refuses a file name that leads out of the folder', async () => {
    const json = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8'));
    json.files[0].name = '../unet.onnx';
    await writeFile(join(bundle, 'bundle.json'), JSON.stringify(json));
    await expect(readBundle(bundle)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });
});

describe('the graph for a profile', () => {
  const withGraphs = (...names: string[]) => ({
    files: names.map((name) => ({ name, bytes: 1, sha256: '' })),
  });

  it('is its own, or that of its fallback in older bundles', () => {
    const old = withGraphs('unet.onnx', 'unet.gpu.onnx', 'unet.portable.onnx');
    expect(graphFor(old, 'unet', 'cuda')).toBe('unet.gpu.onnx');
    expect(graphFor(old, 'unet', 'portableHalf')).toBe('unet.portable.onnx');
    expect(graphFor(withGraphs('unet.onnx'), 'unet', 'dml')).toBe('unet.onnx');
    const now = withGraphs('unet.onnx', 'unet.gpu.onnx', 'unet.cuda.onnx');
    expect(graphFor(now, 'unet', 'cuda')).toBe('unet.cuda.onnx');
    expect(graphFor(now, 'unet', 'cpu')).toBe('unet.onnx');
  });
});

describe('importBundle', () => {
  it('never writes over a bundle', async () => {
    await expect(importBundle(GOLDEN, bundle)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });

  it('leaves nothing behind when a part is missing', async () => {
    const source = bundles('source');
    await cp(GOLDEN, source, { recursive: true });
    await rm(join(source, 'predictor', 'model.safetensors'));
    await expect(importBundle(source, bundles('new'))).rejects.toMatchObject({
      code: 'MISSING_FILE',
    });
    expect((await listBundles([bundles()])).map(({ name }) => name)).toEqual(['tiny']);
  });

  it('refuses parts that do not fit each other, and networks it does not know', async () => {
    const source = bundles('source');
    await cp(GOLDEN, source, { recursive: true });
    const path = join(source, 'unet', 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...config, in_channels: 12 }));
    await expect(importBundle(source, bundles('new'))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
    await writeFile(path, JSON.stringify({ ...config, _class_name: 'SD3Transformer2DModel' }));
    await expect(importBundle(source, bundles('new'))).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('unet/config.json'),
    });
  });

  it('refuses weights that the config does not describe, with both shapes', async () => {
    const source = bundles('source');
    await cp(GOLDEN, source, { recursive: true });
    const path = join(source, 'emotion_encoder', 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...config, hidden_dims: [16, 32] }));
    await expect(importBundle(source, bundles('new'))).rejects.toMatchObject({
      code: 'MISSHAPEN_TENSOR',
      message: expect.stringMatching(/fc\.2\.weight.*\[32, 16\].*\[24, 16\]/),
    });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const work = importBundle(GOLDEN, bundles('new'), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect((await listBundles([bundles()])).length).toBe(1);
  });
});

describe('findBundle', () => {
  it('finds by name and by path, and says which names there are', async () => {
    expect(await findBundle('tiny', [bundles()])).toBe(bundle);
    expect(await findBundle(bundle, [])).toBe(bundle);
    await expect(findBundle('huge', [bundles()])).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      hint: expect.stringContaining('tiny'),
    });
  });
});
