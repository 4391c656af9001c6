import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { EMOTIONS } from '@emoeditor/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { goldenBundle } from '../fakes/checkpoints/madeOnce.ts';
import {
  cleanUp,
  connectTo,
  newFolder,
  pairedWith,
  patternBytes,
  rgbFormat,
  startCompanion,
} from '../integration/companion.ts';

afterEach(cleanUp);

const CPU = { modelsModule: readConfig().modelsModule, provider: 'cpu', threads: 1 };

describe('the server over a real bundle', () => {
  it('runs the main job through ONNX Runtime in the engine’s process', async () => {
    const bundle = await goldenBundle();
    const client = await pairedWith(await startCompanion(bundle, CPU));
    expect(client.of('welcome')[0]).toMatchObject({
      bundle: { name: 'golden', kind: 'emotion-direction', workingArea: 65536 },
      provider: { name: 'cpu', reason: expect.stringContaining('asked for') },
    });
    const jobId = await client.submit({ steps: 2, candidates: 1, maxIterations: 1 });
    const end = await client.hear('jobSucceeded');
    expect(end.sourceDistribution).toHaveLength(EMOTIONS.length);
    expect(end.sourceDistribution.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(client.of('jobIteration')[0]?.preview.extent).toEqual({ width: 256, height: 256 });
    client.say({
      type: 'openComposite',
      requestId: 'c',
      jobId,
      iteration: end.chosen,
      intensity: 1,
      extent: { width: 600, height: 600 },
    });
    const { compositeId } = await client.hear('compositeOpened');
    const source = patternBytes(600, 600);
    await client.channel.sendWithBytes(
      (stream) => ({
        type: 'tile',
        compositeId,
        bounds: { left: 0, top: 0, width: 600, height: 600 },
        pixels: rgbFormat(600, 600),
        stream,
      }),
      source,
    );
    const done = client.pixels.get(await client.hear('tileDone'));
    expect(done).toHaveLength(source.length);
    expect(Buffer.compare(done!, source)).not.toBe(0);
  });

  it('HS5: names the file of a bundle that does not have its checksum', async () => {
    const bundle = join(await newFolder(), 'bundle');
    await cp(await goldenBundle(), bundle, { recursive: true });
    const path = join(bundle, 'unet.weights');
    const bytes = await readFile(path);
    bytes[100] = bytes[100]! ^ 1;
    await writeFile(path, bytes);
    const client = await connectTo(await startCompanion(bundle, CPU));
    client.hello();
    expect((await client.hear('error')).error).toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining('unet.weights'),
      retryable: false,
    });
  });

  it('HS5: says which bundle is missing', async () => {
    const client = await connectTo(await startCompanion('no-such-bundle', CPU));
    client.hello();
    expect((await client.hear('error')).error).toMatchObject({
      code: 'MODEL_MISSING',
      message: 'There is no model bundle “no-such-bundle”.',
    });
  });
});
