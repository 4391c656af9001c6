import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildSceneDecoder,
  sceneDecoderConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/sceneDecoder.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { expect, it } from 'vitest';
import { readTensors, relativeError, runGraph } from './runGraph.ts';

/** A decoder with random weights and its outputs from PyTorch; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, 'scene');

it.each([
  { precision: 'float32', profile: 'cpu', tolerance: 1e-4 },
  { precision: 'float16', profile: 'cpu', tolerance: 1e-2 },
  { precision: 'float32', profile: 'portable', tolerance: 1e-4 },
] as const)('scene maps in $precision for $profile are those of PyTorch', async (way) => {
  const expected = await readTensors(join(GOLDEN, 'io.safetensors'));
  const config = sceneDecoderConfigSchema.parse(
    JSON.parse(await readFile(join(GOLDEN, 'config.json'), 'utf8')),
  );
  const { outputs, unused } = await runGraph(
    join(GOLDEN, 'model.safetensors'),
    way,
    (graph, weights) => buildSceneDecoder(graph, config, weights),
    { image: expected('image') },
  );
  const { shares } = outputs as Readonly<Record<'shares', Tensor>>;
  expect(relativeError(shares, expected('shares'))).toBeLessThan(way.tolerance);
  expect(unused).toEqual([]);
});
