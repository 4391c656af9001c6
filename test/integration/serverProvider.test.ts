import { readConfig } from '@emoeditor/companion-server/config.ts';
import { proveProviders } from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { providerObstacle } from '@emoeditor/companion-server/runtime/providerObstacle.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { goldenBundle } from '../fakes/checkpoints/madeOnce.ts';
import { cleanUp, pairedWith, startCompanion } from './companion.ts';

afterEach(cleanUp);

describe('HS4: the provider in the welcome', () => {
  it('is the first of this platform’s that runs, with why each before it was refused', async () => {
    const bundle = await goldenBundle();
    const { modelsModule } = readConfig();
    const server = await startCompanion(bundle, { modelsModule, provider: null, threads: 1 });
    const client = await pairedWith(server);
    const { name, reason, refused = [] } = client.of('welcome')[0]?.provider ?? {};
    const order = (await proveProviders({ threads: 1 })).map((proof) => proof.name);
    const tried = [...refused.map((other) => other.name), name];
    expect(tried).toEqual(order.slice(0, tried.length));
    expect(reason).toContain('computed the test network correctly');
    for (const other of refused) {
      expect(reason).toContain(other.name);
      expect(other.reason).toBe(providerObstacle(other.name) ?? other.reason);
      expect(other.reason).not.toBe('');
    }
  });
});
