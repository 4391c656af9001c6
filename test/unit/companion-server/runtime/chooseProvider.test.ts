import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import {
  chooseProvider,
  type Machine,
  proveProviders,
} from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { describe, expect, it } from 'vitest';

/** Keeps what it was asked to prove; each provider fails for a reason of its own, or works. */
function machineOf(platform: NodeJS.Platform, working: Readonly<Record<string, string | null>>) {
  const proven: string[] = [];
  const machine: Machine = {
    platform,
    async prove(provider) {
      proven.push(provider);
      const fault = working[provider];
      return fault === undefined
        ? { profile: null, fault: `no driver for ${provider}` }
        : { profile: EMIT_PROFILES.portable, fault };
    },
  };
  return { machine, proven };
}

describe('chooseProvider', () => {
  it('proves the CPU with a network whose answer PyTorch gave', async () => {
    const { provider } = await chooseProvider({ provider: 'cpu', threads: 1 });
    expect(provider).toEqual({
      name: 'cpu',
      reason: 'it was asked for and computed the test network correctly',
      refused: [],
    });
  });

  it.each<[NodeJS.Platform, string[]]>([
    ['win32', ['dml', 'webgpu', 'cpu']],
    ['darwin', ['coreml', 'webgpu', 'cpu']],
    ['linux', ['cuda', 'tensorrt', 'webgpu', 'cpu']],
    ['freebsd', ['cpu']],
  ])('on %s tries %j and keeps in that order why each was refused', async (platform, order) => {
    const { machine, proven } = machineOf(platform, { cpu: null });
    const { provider } = await chooseProvider({}, machine);
    expect(proven).toEqual(order);
    expect(provider.name).toBe('cpu');
    const others = order.slice(0, -1);
    expect(provider.refused).toEqual(
      others.map((name) => ({ name, reason: `no driver for ${name}` })),
    );
    if (others.length > 0) expect(provider.reason).toContain(`; ${others.join(', ')} did not run`);
  });

  it('passes over a provider on which engines died, unless it alone was asked for', async () => {
    const demoted = { cuda: 'the engine died on it 2 times in a row' };
    const { machine, proven } = machineOf('linux', { cuda: null, cpu: null });
    const { provider } = await chooseProvider({ demoted }, machine);
    expect(proven).toEqual(['tensorrt', 'webgpu', 'cpu']);
    expect(provider).toMatchObject({ name: 'cpu' });
    expect(provider.refused[0]).toEqual({ name: 'cuda', reason: demoted.cuda });
    const asked = await chooseProvider({ demoted, provider: 'cuda' }, machine);
    expect(asked.provider.name).toBe('cuda');
  });

  it('stops at the first that works, whose graphs are written as it computes them', async () => {
    const { machine, proven } = machineOf('linux', {
      webgpu: 'in float16: it was wrong',
      cpu: null,
    });
    const { provider, profile } = await chooseProvider({}, machine);
    expect(proven).toEqual(['cuda', 'tensorrt', 'webgpu']);
    expect(provider).toMatchObject({
      name: 'webgpu',
      reason: expect.stringContaining('(not in float16: it was wrong)'),
      refused: [{ name: 'cuda' }, { name: 'tensorrt' }],
    });
    expect(profile).toBe(EMIT_PROFILES.portable);
  });

  it('asks none but the wanted one, and takes no other in its place', async () => {
    const { machine, proven } = machineOf('linux', { cpu: null });
    await expect(chooseProvider({ provider: 'cuda' }, machine)).rejects.toThrow(
      'cuda: no driver for cuda',
    );
    expect(proven).toEqual(['cuda']);
  });

  it('names every reason, in order, when none works', async () => {
    const { machine } = machineOf('win32', {});
    await expect(chooseProvider({}, machine)).rejects.toThrow(
      'dml: no driver for dml; webgpu: no driver for webgpu; cpu: no driver for cpu',
    );
  });

  it('says why a wanted provider does not run', async () => {
    await expect(chooseProvider({ provider: 'abacus' })).rejects.toThrow(/abacus: /);
  });
});

describe('proveProviders', () => {
  it('ends with the CPU, which works everywhere', async () => {
    expect((await proveProviders({ threads: 1 })).at(-1)).toMatchObject({
      name: 'cpu',
      profile: { name: 'cpu' },
      fault: null,
    });
  });

  it('goes on behind the first that works, and to a wanted one that is usual elsewhere', async () => {
    const { machine } = machineOf('darwin', { coreml: null, cpu: null });
    const proofs = await proveProviders({ provider: 'cuda' }, machine);
    expect(proofs.map(({ name, profile }) => [name, profile !== null])).toEqual([
      ['coreml', true],
      ['webgpu', false],
      ['cpu', true],
      ['cuda', false],
    ]);
  });
});
