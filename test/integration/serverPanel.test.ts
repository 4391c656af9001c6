import { SRGB_PROFILE } from '@emoeditor/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, patternBytes, rgbFormat, sharedCompanion, startCompanion } from './companion.ts';
import { closePanels, panelOf } from './panelClient.ts';

afterEach(async () => {
  closePanels();
  await cleanUp();
});

const proxy = { format: rgbFormat(64, 64), data: patternBytes(64, 64) };
const awe = { target: { kind: 'emotion', emotion: 'awe' } } as const;
const never = new AbortController().signal;

describe('the panel’s own client against the server', () => {
  it('pairs, reads a picture, runs an edit over a drop and composites it', async () => {
    const server = await sharedCompanion('slow');
    const { panel, sockets, become } = panelOf(server);
    await become('pairing');
    await panel.pair(server.pairingCode);
    await become('ready');
    expect(await panel.predict(proxy, never)).toEqual(Array(8).fill(1 / 8));
    const heard: string[] = [];
    const previews: number[] = [];
    const ended = await panel.submit(
      { ...awe, mode: 'paper', steps: 4, maxIterations: 3 },
      proxy,
      {
        onEvent: ({ type }) => void heard.push(type),
        onPreview(index) {
          previews.push(index);
          if (index === 0 && previews.length === 1) sockets.at(-1)!.terminate();
        },
      },
      never,
    );
    expect(ended.state.status).toBe('succeeded');
    expect(previews).toEqual(ended.state.iterations.map(({ index }) => index));
    const extent = { width: 128, height: 64 };
    const composite = await panel.openComposite(
      { jobId: ended.jobId, iteration: 0, intensity: 1, extent },
      never,
    );
    const bounds = { left: 0, top: 0, ...extent };
    const pixels = {
      format: rgbFormat(128, 64, { sample: 'uint16', range: 32768, profile: SRGB_PROFILE }),
      data: Uint16Array.from(patternBytes(128, 64), (value) => value * 128),
    };
    const done = await composite.apply({ bounds, pixels });
    expect(done.pixels.format).toEqual(pixels.format);
    expect(done.pixels.data).not.toEqual(pixels.data);
    composite.close();
  });

  it('cancels a running edit', async () => {
    const server = await sharedCompanion('slow');
    const { panel, become } = panelOf(server);
    await become('pairing');
    await panel.pair(server.pairingCode);
    await become('ready');
    const controller = new AbortController();
    const ended = panel.submit(
      { ...awe, mode: 'paper', steps: 100, maxIterations: 30 },
      proxy,
      {
        onEvent({ type }) {
          if (type === 'progressed') controller.abort();
        },
        onPreview() {},
      },
      controller.signal,
    );
    await expect(ended).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('shows what is wrong with the models', async () => {
    const server = await startCompanion('missing');
    const { panel, become } = panelOf(server);
    await become('pairing');
    await panel.pair(server.pairingCode);
    await become('refused');
    expect(panel.connection).toMatchObject({ error: { code: 'MODEL_MISSING' } });
  });
});
