import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { EMOTIONS } from '@emoeditor/shared';
import { beforeEach, expect, it } from 'vitest';
import { goldenBundle } from '../../../fakes/checkpoints/madeOnce.ts';
import { readTensors } from '../../../golden/runGraph.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const GOLDEN = join(import.meta.dirname, '../../../golden');
const folder = temporaryFolder('each');
const pTargetAbove = Object.fromEntries(EMOTIONS.map((name, i) => [name, 0.3 + i / 100]));

beforeEach(async () => {
  await cp(await goldenBundle('float16'), folder('bundle'), { recursive: true });
  await cp(join(GOLDEN, 'kernel'), folder('predictor'), { recursive: true });
});

it('a bundle gets another predictor, and keeps everything else to the byte', async () => {
  const card = { acceptance: { pTargetAbove }, figures: { valence_rho: 0.6 } };
  await writeFile(join(folder('predictor'), 'card.json'), JSON.stringify(card));
  await importBundle(folder('bundle'), folder('new'), { predictor: folder('predictor') });
  const [before, after] = [await readBundle(folder('bundle')), await readBundle(folder('new'))];
  const others = (bundle: typeof before) =>
    bundle.files.filter(({ name }) => !name.startsWith('predictor.'));
  expect(others(after)).toEqual(others(before));
  expect(after.predictor).toMatchObject({ inputSize: 64, temperature: 0.8 });
  expect(after.acceptance?.pTargetAbove).toEqual(pTargetAbove);
  expect(after.provenance['predictor']).toEqual({ figures: { valence_rho: 0.6 } });
  const models = await loadModelSet(folder('new'), { provider: 'cpu', threads: 1 });
  try {
    const expected = await readTensors(join(GOLDEN, 'kernel/io.safetensors'));
    const [first] = await models.predictor.predict(expected('image'));
    first?.forEach((share, i) => {
      expect(share).toBeCloseTo(expected('probabilities').data[i] as number, 1);
    });
  } finally {
    await models.release();
  }
});

it('thresholds of the predictor before do not stay with another one', async () => {
  const card = { acceptance: { pTargetAbove } };
  await writeFile(join(folder('predictor'), 'card.json'), JSON.stringify(card));
  await importBundle(folder('bundle'), folder('first'), { predictor: folder('predictor') });
  await writeFile(join(folder('predictor'), 'card.json'), '{}');
  const { bundle } = await importBundle(folder('first'), folder('second'), {
    predictor: folder('predictor'),
  });
  expect(bundle.acceptance).toBeUndefined();
});

it('a folder without a predictor is refused, and leaves nothing', async () => {
  const wrong = join(GOLDEN, 'models');
  await expect(
    importBundle(folder('bundle'), folder('new'), { predictor: wrong }),
  ).rejects.toMatchObject({ code: 'MISSING_FILE' });
  expect(await readdir(folder())).toEqual(['bundle', 'predictor']);
});
