import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import type { InferenceSession } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import {
  type OpenSession,
  proveProvider,
} from '@emoeditor/companion-server/runtime/proveProvider.ts';
import { providerObstacle } from '@emoeditor/companion-server/runtime/providerObstacle.ts';
import { paceFault, paceOf } from '@emoeditor/companion-server/runtime/providerPace.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

const abacus = { provider: 'abacus', threads: 1 };

/** A provider that computes as the CPU does, but for what `spoil` makes of every result. */
function spoiled(spoil: (values: Float32Array) => Float32Array): {
  open: OpenSession;
  released: () => number;
} {
  let [opened, released] = [0, 0];
  return {
    released: () => opened - released,
    async open(graph, { provider, threads }) {
      opened++;
      const session = await openOnnxSession(graph, { provider: 'cpu', threads });
      const changed: InferenceSession = {
        async run(inputs) {
          const { y } = await session.run(inputs);
          if (y === undefined) throw new Error('no output');
          const values = provider === 'abacus' ? spoil(y.data) : y.data;
          return { y: tensor(values, y.dims) };
        },
        async release() {
          released++;
          await session.release();
        },
      };
      return changed;
    },
  };
}

/** Every look at it is a millisecond later: all providers are equally fast. */
function steadyClock(): () => number {
  let time = 0;
  return () => time++;
}

describe('proveProvider', () => {
  it('trusts one that computes as PyTorch does, and lets go of every session', async () => {
    const { open, released } = spoiled((values) => values);
    expect(await proveProvider(abacus, open, steadyClock())).toEqual({
      profile: EMIT_PROFILES.portable,
      fault: null,
    });
    expect(released()).toBe(0);
  });

  it.each([
    ['is off by one part in a hundred', (values: Float32Array) => values.map((v) => v * 1.01)],
    ['gives nothing but zeros', (values: Float32Array) => values.map(() => 0)],
    ['gives no numbers', (values: Float32Array) => values.map(() => Number.NaN)],
  ])('does not trust one that %s', async (_, spoil) => {
    const { open, released } = spoiled(spoil);
    expect(await proveProvider(abacus, open)).toEqual({
      profile: null,
      fault: expect.stringMatching(/came out wrong by/),
    });
    expect(released()).toBe(0);
  });

  it('keeps the first sentence of what a provider says when it does not load', async () => {
    const open = () => Promise.reject(new Error('no driver\nat line 4\nat line 5'));
    expect(await proveProvider(abacus, open)).toEqual({ profile: null, fault: 'no driver' });
    const card = { provider: 'webgpu', threads: 1 };
    expect(await proveProvider(card, open)).toEqual({ profile: null, fault: 'no driver' });
  });

  it('goes on in float32 where float16 comes out wrong, and keeps why', async () => {
    const card = { provider: 'webgpu', threads: 1 };
    let opened = 0;
    const open: OpenSession = async (graph, { threads }) => {
      const session = await openOnnxSession(graph, { provider: 'cpu', threads });
      const isHalf = opened++ === 0;
      return {
        release: () => session.release(),
        async run(inputs) {
          const { y } = await session.run(inputs);
          return { y: isHalf ? tensor(new Float32Array(2880), [1, 4, 30, 24]) : (y as Tensor) };
        },
      };
    };
    expect(await proveProvider(card, open, steadyClock())).toEqual({
      profile: EMIT_PROFILES.portable,
      fault: expect.stringMatching(/^in float16: .*came out wrong/),
    });
  });

  it('is satisfied with float16 where it is right', async () => {
    const open: OpenSession = (graph, { threads }) =>
      openOnnxSession(graph, { provider: 'cpu', threads });
    const card = { provider: 'tensorrt', threads: 1 };
    expect(await proveProvider(card, open, steadyClock())).toEqual({
      profile: EMIT_PROFILES.portableHalf,
      fault: null,
    });
  });
});

describe('pace', () => {
  it('refuses what is much slower than the CPU, with both times', () => {
    expect(paceFault(19, 10)).toBeNull();
    expect(paceFault(310, 10)).toMatch(/310 ms .* 10 ms/);
  });

  it('takes the fastest run and leaves out the first, which warms up', async () => {
    const times = [0, 9, 10, 14, 20, 27];
    let runs = 0;
    const session = { run: () => Promise.resolve({ y: tensor(new Float32Array(++runs), [runs]) }) };
    expect(await paceOf(session, () => times.shift() ?? Number.NaN)).toBe(4);
    expect(runs).toBe(4);
  });
});

describe('providerObstacle', () => {
  it.each([
    ['cuda', [], /CUDA libraries/],
    ['tensorrt', [], /TensorRT libraries/],
    ['webgpu', [], /no graphics device/],
  ])('%s is not tried without what it needs', (name, found: string[], reason) => {
    expect(providerObstacle(name, (path) => found.includes(path), 'linux')).toMatch(reason);
  });

  it.each(['/dev/dri', '/dev/nvidiactl', '/dev/dxg'])('%s makes WebGPU worth a try', (device) => {
    expect(providerObstacle('webgpu', (path) => path === device, 'linux')).toBeNull();
  });

  it('knows no obstacle on other systems, whose libraries come with the package', () => {
    expect(providerObstacle('dml', () => false, 'win32')).toBeNull();
  });
});
