import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import type { EditOutcome } from '@emoeditor/companion-server/pipeline/edit.ts';
import { editRequestSchema } from '@emoeditor/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenBundle } from '../fakes/checkpoints/madeOnce.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const GOLDEN = join(import.meta.dirname, '../golden/models');
const signal = new AbortController().signal;
const folder = temporaryFolder();
let diffusers: string;

beforeAll(async () => {
  // The starter's own architectures: a source-residual UNet over a patch autoencoder.
  const ours = folder('ours-export');
  await cp(GOLDEN, ours, { recursive: true });
  for (const [from, to] of [
    ['residual_unet', 'unet'],
    ['patch_vae', 'vae'],
  ] as const) {
    await cp(join(GOLDEN, from), join(ours, to), { recursive: true, force: true });
  }
  diffusers = await goldenBundle();
  await importBundle(ours, folder('ours'));
});

const proxy = {
  width: 288,
  height: 192,
  rgb: Uint8Array.from({ length: 288 * 192 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 97)),
};

/** One short edit with sessions of its own. */
async function edit(bundle: string, seed: number): Promise<EditOutcome> {
  const models = await loadModelSet(bundle === 'ours' ? folder('ours') : diffusers, {
    provider: 'cpu',
    threads: 1,
  });
  try {
    const pipeline = createEditor({ models });
    const request = editRequestSchema.parse({
      target: { kind: 'emotion', emotion: 'awe' },
      seed,
      steps: 2,
      candidates: 2,
      maxIterations: 1,
    });
    return await pipeline.edit(request, proxy, { progress() {}, iteration() {} }, signal);
  } finally {
    await models.release();
  }
}

describe.each(['diffusers', 'ours'])('a whole edit with an imported bundle (%s)', (bundle) => {
  it('gives pictures of the working size and is reproducible to the bit', async () => {
    const [first, again, other] = [
      await edit(bundle, 7),
      await edit(bundle, 7),
      await edit(bundle, 8),
    ];
    const { width, height } = first.extent;
    const [chosen, same, different] = [first, again, other].map(
      ({ iterations, chosen }) => iterations[chosen]?.decoded,
    );
    expect(chosen?.length).toBe(3 * width * height);
    expect(chosen?.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(same).toEqual(chosen);
    expect(different).not.toEqual(chosen);
    expect(first.unetEvaluations).toBeGreaterThan(0);
    expect(first.sourceDistribution.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });
});
