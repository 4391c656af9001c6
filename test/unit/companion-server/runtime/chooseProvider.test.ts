import {
  chooseProvider,
  proveProviders,
} from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { describe, expect, it } from 'vitest';

describe('chooseProvider', () => {
  it('proves the CPU with a network whose answer PyTorch gave', async () => {
    const { provider } = await chooseProvider({ provider: 'cpu', threads: 1 });
    expect(provider).toEqual({
      name: 'cpu',
      reason: 'it was asked for and computed the test network correctly',
      refused: [],
    });
  });

  it('keeps why the others were refused', async () => {
    const { provider } = await chooseProvider({ threads: 1 });
    for (const { reason } of provider.refused) expect(reason.length).toBeGreaterThan(5);
  });

  it('says why a wanted provider does not run', async () => {
    await expect(chooseProvider({ provider: 'abacus' })).rejects.toThrow(/abacus: /);
  });
});

describe('proveProviders', () => {
  it('ends with the CPU, which works everywhere', async () => {
    expect((await proveProviders(1)).at(-1)).toMatchObject({
      name: 'cpu',
      profile: { name: 'cpu' },
      fault: null,
    });
  });
});
