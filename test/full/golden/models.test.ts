import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareWithPyTorch } from '../../golden/networks.ts';
import { readTensors, relativeError } from '../../golden/runGraph.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

/** Networks with random weights and their outputs from diffusers and PyTorch; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, '../../golden/models');
const TOLERANCE = { float32: 1e-4, float16: 5e-3 };

const folder = temporaryFolder();
let expected: (name: string) => Tensor;

beforeAll(async () => {
  expected = await readTensors(join(GOLDEN, 'io.safetensors'));
});

// The other ways take longer: test/full/goldenWays.test.ts.
compareWithPyTorch([
  { precision: 'float32', profile: 'cpu', tolerance: 1e-4 },
  { precision: 'float16', profile: 'cpu', tolerance: 5e-3 },
]);

describe.each(['float32', 'float16'] as const)('a whole bundle with %s weights', (precision) => {
  it('imports, loads and gives the numbers of PyTorch', async () => {
    const bundle = folder(`bundle-${precision}`);
    const report = await importBundle(GOLDEN, bundle, { precision });
    const aside = Object.entries(report.unused).filter(([, tensors]) => tensors.length > 0);
    // What else the tests keep in that folder; of the parts themselves nothing.
    expect(aside).toEqual(
      ['io.safetensors', 'patch_vae/', 'residual_unet/'].map((title) => [title, ['all of it']]),
    );
    const models = await loadModelSet(bundle, { provider: 'cpu', threads: 1 });
    try {
      const tokens = await models.emotionEncoder?.encode(expected('emotion.direction'));
      expect(relativeError(tokens as Tensor, expected('emotion.tokens'))).toBeLessThan(
        TOLERANCE[precision],
      );
      const [distribution] = await models.predictor.predict(expected('predictor.image'));
      const found = tensor(Float32Array.from(distribution ?? []), [1, 8]);
      expect(relativeError(found, expected('predictor.probabilities'))).toBeLessThan(
        TOLERANCE[precision],
      );
      const latents = await models.vae.encode(expected('vae.image'));
      expect(relativeError(latents, expected('vae.latents'))).toBeLessThan(TOLERANCE[precision]);
    } finally {
      await models.release();
    }
  });
});
