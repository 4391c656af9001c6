import { MAX_TILES_IN_FLIGHT } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { PROXY, settled, startCompanion } from './connecting.ts';

/** A job that runs still and has two finished iterations. */
async function withIterations() {
  const companion = startCompanion();
  const client = companion.connect();
  await client.hello();
  const jobId = await client.submit();
  await settled();
  companion.engine.edits[0]!.iteration(0);
  companion.engine.edits[0]!.iteration(1);
  await client.hear('jobIteration', 2);
  return { ...companion, client, jobId };
}

/** Holds every tile back until the returned function is called. */
function holdTiles(engine: { gate: Promise<void> }): () => void {
  let open = () => {};
  engine.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

describe('composites', () => {
  it('CM1: any finished iteration of a job that may still run; another is unknown', async () => {
    const { client, jobId } = await withIterations();
    await client.openComposite(jobId, { iteration: 1 });
    client.say({
      type: 'openComposite',
      requestId: 'c',
      jobId,
      iteration: 2,
      intensity: 1,
      extent: { width: 10, height: 10 },
    });
    expect(await client.hear('error')).toMatchObject({
      requestId: 'c',
      jobId,
      error: { code: 'UNKNOWN_ITERATION' },
    });
  });

  it('CM2: answers a tile with the same bounds and the same format', async () => {
    const { client, jobId } = await withIterations();
    const compositeId = await client.openComposite(jobId);
    await client.tile(compositeId, 200);
    const done = await client.hear('tileDone');
    expect(done).toMatchObject({
      compositeId,
      bounds: { left: 0, top: 0, width: 8, height: 8 },
      pixels: { ...PROXY, width: 8, height: 8 },
    });
    expect(client.pixels.get(done)).toEqual(new Uint8Array(192).fill(55));
  });

  it.each([
    ['outside the extent', { bounds: { left: 95, top: 0, width: 8, height: 8 } }],
    ['off the left side', { bounds: { left: -1, top: 0, width: 8, height: 8 } }],
    ['of another size than its bounds', { bounds: { left: 0, top: 0, width: 8, height: 9 } }],
    ['of one channel', { pixels: { ...PROXY, width: 8, height: 8, channels: 1 } }],
    ['of a wrong range', { pixels: { ...PROXY, width: 8, height: 8, range: 1 } }],
  ] as const)('CM2: refuses a tile %s, and the composite lives on', async (_why, more) => {
    const { client, jobId } = await withIterations();
    const compositeId = await client.openComposite(jobId);
    client.say({
      type: 'tile',
      compositeId,
      bounds: { left: 0, top: 0, width: 8, height: 8 },
      pixels: { ...PROXY, width: 8, height: 8 },
      stream: 100,
      ...more,
    });
    expect(await client.hear('error')).toMatchObject({
      compositeId,
      error: { code: 'BAD_IMAGE' },
    });
  });

  it('CM3, CM4: answers in order, and refuses a fifth tile without an answer', async () => {
    const { engine, client, jobId } = await withIterations();
    const compositeId = await client.openComposite(jobId);
    const open = holdTiles(engine);
    for (let left = 0; left <= MAX_TILES_IN_FLIGHT; left++) {
      await client.tile(compositeId, left, { left });
    }
    expect(await client.hear('error')).toMatchObject({
      compositeId,
      error: { code: 'BUSY', retryable: true },
    });
    open();
    await client.hear('tileDone', MAX_TILES_IN_FLIGHT);
    expect(client.of('tileDone').map(({ bounds }) => bounds.left)).toEqual([0, 1, 2, 3]);
    await client.tile(compositeId, 9, { left: 9 });
    await client.hear('tileDone', MAX_TILES_IN_FLIGHT + 1);
  });

  it('CM5: fits an iteration once, however many composites and intensities', async () => {
    const { engine, client, jobId } = await withIterations();
    engine.fitted.length = 0; // those of the previews
    for (const intensity of [0.5, 1, 1.5]) {
      await client.tile(await client.openComposite(jobId, { intensity }), 0);
    }
    await client.hear('tileDone', 3);
    expect(engine.fitted).toHaveLength(1);
  });

  it('CM6: drops tiles that wait when the composite is closed, and refuses later ones', async () => {
    const { engine, client, jobId } = await withIterations();
    const compositeId = await client.openComposite(jobId);
    const open = holdTiles(engine);
    await client.tile(compositeId, 1);
    client.say({ type: 'closeComposite', compositeId });
    await settled();
    open();
    await settled();
    expect(client.of('tileDone')).toEqual([]);
    await client.tile(compositeId, 1);
    expect(await client.hear('error')).toMatchObject({
      compositeId,
      error: { code: 'BAD_MESSAGE' },
    });
    expect(client.of('error')).toHaveLength(1);
  });

  it('composites on after the job is released: what is open stays usable', async () => {
    const { client, jobId } = await withIterations();
    const compositeId = await client.openComposite(jobId);
    client.say({ type: 'release', jobId });
    await client.tile(compositeId, 0);
    await client.hear('tileDone');
  });
});
