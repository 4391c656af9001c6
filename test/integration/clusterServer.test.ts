import { join } from 'node:path';
import { openGateway } from '@emoeditor/companion-server/cluster/gateway/openGateway.ts';
import { openWorker } from '@emoeditor/companion-server/cluster/worker/openWorker.ts';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { createForkedEngine } from '@emoeditor/companion-server/engine/forkedEngine.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { engineOptions, startServer } from '@emoeditor/companion-server/main.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { HAS_NATS, startNats, WITHOUT_NATS } from '../fakes/natsServer.ts';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';
import {
  cleanUp,
  newFolder,
  pairedWith,
  patternBytes,
  rgbFormat,
  startCompanion,
} from './companion.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await cleanUp();
  for (const end of ends.splice(0).reverse()) await end();
});

const common = { credentials: null, version: '0.1.0', log: SILENT } as const;

/** What `emoeditor gateway` and `emoeditor worker` start, on scripted models. */
async function gatewayAndWorker() {
  const folder = await newFolder();
  const nats = await startNats();
  ends.push(() => nats.close());
  const config = readConfig({
    port: 0,
    bundle: 'scripted',
    pairingsFile: join(folder, 'pairings.json'),
    journalFolder: join(folder, 'journal'),
    studioFolder: join(folder, 'studio'),
    modelsModule: SCRIPTED_MODELS,
  });
  const worker = await openWorker({
    ...{ ...common, url: nats.url, id: 'w1' },
    engine: () => createForkedEngine({ ...engineOptions(config), log: SILENT }),
  });
  ends.push(() => worker.stop());
  const engine = await openGateway({ ...common, url: nats.url, artist: 'ana', bundle: null });
  const server = await startServer(config, { log: SILENT, engine });
  ends.push(() => server.close());
  return server;
}

/** An edit and one tile of its layer, as the panel asks for them. */
async function editAndTile(server: Parameters<typeof pairedWith>[0]) {
  const client = await pairedWith(server);
  const jobId = await client.submit({ seed: 7 });
  const done = await client.hear('jobSucceeded');
  const extent = { width: 96, height: 64 };
  client.say({
    ...{
      type: 'openComposite',
      requestId: 'c',
      jobId,
      iteration: done.chosen,
      intensity: 1,
      extent,
    },
  });
  const { compositeId } = await client.hear('compositeOpened');
  await client.channel.sendWithBytes(
    (stream) => ({
      ...{ type: 'tile', compositeId, pixels: rgbFormat(96, 64), stream },
      bounds: { left: 0, top: 0, ...extent },
    }),
    patternBytes(96, 64),
  );
  const tile = client.pixels.get(await client.hear('tileDone'));
  const reports = client.of('jobIteration').map(({ report }) => report);
  return { tile, reports, chosen: done.chosen, bundle: client.of('welcome')[0]?.bundle };
}

describe.skipIf(!HAS_NATS)(`a gateway and a worker${WITHOUT_NATS}`, () => {
  it('give the panel what a server with its own engine gives, to the last bit', async () => {
    const [alone, apart] = [await startCompanion('scripted'), await gatewayAndWorker()];
    const [expected, found] = [await editAndTile(alone), await editAndTile(apart)];
    expect(expected.tile).not.toEqual(patternBytes(96, 64));
    expect(found).toEqual(expected);
    expect(apart.enginePid).toBeUndefined();
  });
});
