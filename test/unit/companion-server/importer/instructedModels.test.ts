import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { describe, expect, it } from 'vitest';
import { writeDiffusers } from '../../../fakes/checkpoints/publishedModels.ts';
import { float32, TEXT, TOKENIZER } from '../../../fakes/checkpoints/textEncoder.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');

/* More of them, which take longer: test/full/importer/instructedModels.test.ts. */

describe('importBundle without an emotion encoder', () => {
  it('takes the text encoder of a diffusers folder and makes a bundle that follows instructions', async () => {
    const pipeline = folder('pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    await cp(TOKENIZER, join(pipeline, 'tokenizer'), { recursive: true });
    const { bundle } = await importBundle(pipeline, folder('new'), float32);
    expect(bundle).toMatchObject({
      kind: 'instruction',
      conditioning: { tokens: 77, width: 24 },
      workingSize: { area: 256 * 256 },
    });
    expect(Object.keys(bundle.precision).toSorted()).toEqual([
      'predictor',
      'textEncoder',
      'unet',
      'vaeDecoder',
      'vaeEncoder',
    ]);
    const names = bundle.files.map(({ name }) => name);
    expect(names).toContain('textEncoder.weights');
    expect(names).not.toContain('emotionEncoder.onnx');
    expect((await readBundle(folder('new'))).kind).toBe('instruction');
  });
});
