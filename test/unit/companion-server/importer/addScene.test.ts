import { copyFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addScene } from '@emoeditor/companion-server/importer/addScene.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenBundle } from '../../../fakes/checkpoints/madeOnce.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const STARTER = join(ROOT, 'models/starter');
const GOLDEN = join(ROOT, 'test/golden');
const CONVERTED = ['faces.onnx', 'selfie.onnx', 'LICENSE.mediapipe.txt'];
const { signal } = new AbortController();
const folder = temporaryFolder();

beforeAll(async () => {
  await cp(await goldenBundle('float16'), folder('plain'), { recursive: true });
  await cp(join(GOLDEN, 'scene'), folder('scene'), { recursive: true });
  await writeFile(folder('scene', 'card.json'), '{"credit": "from a test"}');
  for (const name of CONVERTED) await copyFile(join(STARTER, name), folder('scene', name));
});

describe('networks of a scene', () => {
  it('are added to a bundle that keeps everything else, checked like the rest of it', async () => {
    const bundle = await addScene(folder('plain'), folder('seeing'), folder('scene'), signal);
    expect(bundle).toMatchObject({
      scene: { inputSize: 64 },
      precision: { unet: 'float16', scene: 'int8' },
      provenance: { scene: { credit: 'from a test' } },
    });
    expect(await readFile(folder('seeing', 'unet.weights'))).toEqual(
      await readFile(folder('plain', 'unet.weights')),
    );
    const models = await loadModelSet(folder('seeing'), { provider: 'cpu' });
    const networks = models.scene();
    const picture = (side: number) =>
      tensor(new Float32Array(3 * side * side).fill(0.5), [1, 3, side, side]);
    const shares = await networks.classes(picture(64));
    expect(shares.dims).toEqual([1, 8, 16, 16]);
    const sum = shares.data.filter((_, i) => i % 256 === 0).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo(1, 4);
    expect((await networks.faces(picture(192))).boxes.dims).toEqual([1, 2304, 16]);
    expect((await networks.foreground(picture(256))).dims).toEqual([1, 1, 256, 256]);
    await models.release();
  });

  it('take the place of older ones', async () => {
    await addScene(folder('plain'), folder('once'), folder('scene'), signal);
    const twice = await addScene(folder('once'), folder('twice'), folder('scene'), signal);
    const names = twice.files.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('scene.weights');
  });

  it('are asked for by name where a bundle has none', async () => {
    const models = await loadModelSet(folder('plain'), { provider: 'cpu' });
    expect(() => models.scene()).toThrow('has no networks that tell what a scene shows');
    await models.release();
  });

  it('are refused where a file is missing, or the bundle’s name is taken', async () => {
    await cp(folder('scene'), folder('half'), { recursive: true });
    await rm(folder('half', 'selfie.onnx'));
    await expect(
      addScene(folder('plain'), folder('none'), folder('half'), signal),
    ).rejects.toMatchObject({ code: 'MISSING_FILE' });
    await expect(
      addScene(folder('plain'), folder('plain'), folder('scene'), signal),
    ).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});
