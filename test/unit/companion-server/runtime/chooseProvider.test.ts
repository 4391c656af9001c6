import { chooseProvider } from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { probeFault } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

describe('chooseProvider', () => {
  it('proves the CPU with a network whose answer PyTorch gave', async () => {
    const { provider } = await chooseProvider({ provider: 'cpu', threads: 1 });
    expect(provider.name).toBe('cpu');
  });

  it('keeps why the others were refused', async () => {
    const { provider } = await chooseProvider({ threads: 1 });
    for (const { reason } of provider.refused) expect(reason.length).toBeGreaterThan(5);
  });

  it('says why a wanted provider does not run', async () => {
    await expect(chooseProvider({ provider: 'abacus' })).rejects.toThrow(/abacus: /);
  });

  it('does not trust a provider that is off by one part in a hundred', () => {
    expect(probeFault(tensor(new Float32Array(512), [1, 8, 8, 8]))).toMatch(/came out wrong/);
  });
});
