import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import { createJobs } from '@emoeditor/companion-server/jobs/jobs.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { openSession } from '@emoeditor/companion-server/session/session.ts';
import type { Companion, JobObserver } from '@emoeditor/plugin/client/companion.ts';
import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { systemClock } from '@emoeditor/plugin/clock.ts';
import {
  createLinkedPair,
  createServerChannel,
  formatPairingKey,
  type PixelBuffer,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInProcessEngine } from '../fakes/inProcessEngine.ts';
import { PAIRING } from '../fakes/introduceTo.ts';
import { loadModels } from '../fakes/scriptedEngineModels.ts';
import { memorySettings, memoryTokens } from '../unit/plugin/doubles/memoryStores.ts';
import { scriptedCompanion } from '../unit/plugin/doubles/scriptedCompanion.ts';

const open: CompanionClient[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

/** The panel's client, connected to a server without sockets and processes. */
async function connectedClient(): Promise<Companion> {
  const settings = { bundle: 'scripted', threads: null, provider: null, cacheFolder: '' };
  const engine = createInProcessEngine(() => loadModels(settings));
  const encodePreview = async () => Uint8Array.of(0xff, 0xd8);
  const jobs = createJobs({ engine, queue: createInProcessQueue(), encodePreview });
  const pairings = createPairings(null);
  await pairings.add(PAIRING, 'test');
  const codes = createPairingCodes({ delayMs: 1, typed: '7K3MQX9TRB' });
  const server = { name: 'companion', version: '1.2.3' };
  const client = new CompanionClient({
    open: async () => {
      const [near, far] = createLinkedPair();
      const channel = createServerChannel({ transport: far, sleep: async () => {} });
      openSession(channel, { jobs, engine, pairings, codes, server, log: SILENT });
      return near;
    },
    tokens: memoryTokens(formatPairingKey(PAIRING)),
    settings: memorySettings(),
    clock: systemClock,
    client: { name: 'test', version: '0.0.0' },
  });
  open.push(client);
  await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
  return client;
}

const COMPANIONS: ReadonlyArray<readonly [string, () => Promise<Companion>]> = [
  ['the client on a server', connectedClient],
  ['scripted', async () => scriptedCompanion()],
];

const square = (side: number): PixelBuffer => ({
  format: {
    ...{ width: side, height: side, channels: 3, sample: 'uint8', range: 255 },
    profile: SRGB_PROFILE,
  },
  data: Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 37) % 251),
});
const edit = { target: { kind: 'emotion', emotion: 'awe' }, seed: 7 } as const;
const never = () => new AbortController().signal;
const silent: JobObserver = { onEvent() {}, onPreview() {} };

/** Runs an edit to its end; what was heard on the way, in order. */
async function wholeEdit(companion: Companion) {
  const heard: string[] = [];
  const ended = await companion.submit(
    edit,
    square(64),
    {
      onEvent(event) {
        if (event.type === 'iterated') heard.push(`iteration ${event.report.index}`);
        else if (event.type !== 'progressed') heard.push(event.type);
      },
      onPreview: (index) => void heard.push(`picture ${index}`),
    },
    never(),
  );
  return { ended, heard };
}

describe.each(COMPANIONS)('a companion: %s', (_name, create) => {
  it('says which server it is connected to', async () => {
    const { connection } = await create();
    if (connection.kind !== 'ready') throw new Error(`It is ${connection.kind}.`);
    expect(connection.server.bundle.workingArea).toBeGreaterThan(0);
    expect(connection.server.provider.name).not.toBe('');
  });

  it('runs an edit: it is queued, each picture follows its iteration, then the end', async () => {
    const { ended, heard } = await wholeEdit(await create());
    if (ended.state.status !== 'succeeded') throw new Error(`It ended ${ended.state.status}.`);
    const { iterations, chosen } = ended.state;
    expect(iterations[chosen]).toBeDefined();
    const made = iterations.flatMap(({ index }) => [`iteration ${index}`, `picture ${index}`]);
    expect(heard.filter((event) => event !== 'started')).toEqual(['queued', ...made, 'succeeded']);
  });

  it('begins nothing for whoever has cancelled already', async () => {
    const companion = await create();
    const submitted = companion.submit(edit, square(64), silent, AbortSignal.abort());
    await expect(submitted).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('reads a picture, and the layer of an iteration at an intensity', async () => {
    const companion = await create();
    expect(await companion.predict(square(32), never())).toHaveLength(8);
    const { ended } = await wholeEdit(companion);
    const layer = { jobId: ended.jobId, iteration: 0, intensity: 0.5 };
    expect(await companion.readLayer(layer, never())).toHaveLength(8);
  });

  it('composites tiles of an iteration, each answered in its place and format', async () => {
    const companion = await create();
    const { ended } = await wholeEdit(companion);
    const extent = { width: 96, height: 96 };
    const composite = await companion.openComposite(
      { jobId: ended.jobId, iteration: 0, intensity: 1, extent },
      never(),
    );
    expect(composite.maxInFlight).toBeGreaterThan(0);
    const tiles = [0, 32, 64].map((top) => ({
      bounds: { left: 8, top, width: 32, height: 32 },
      pixels: square(32),
    }));
    const answers = await Promise.all(tiles.map((tile) => composite.apply(tile)));
    composite.close();
    expect(answers.map(({ bounds }) => bounds)).toEqual(tiles.map(({ bounds }) => bounds));
    for (const { pixels } of answers) {
      expect(pixels.format).toEqual(square(32).format);
      expect(pixels.data).not.toEqual(square(32).data);
    }
  });

  it('releases an edit, and one that it does not know', async () => {
    const companion = await create();
    const { ended } = await wholeEdit(companion);
    companion.release(ended.jobId);
    companion.release('unknown');
    expect(companion.connection.kind).toBe('ready');
  });
});
