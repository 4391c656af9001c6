import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { probeGraph, probeInput } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { describe, expect, it } from 'vitest';

const cpu = { provider: 'cpu', threads: 1 };

describe('openOnnxSession', () => {
  it('names the inputs that a graph wants and those it got', async () => {
    const session = await openOnnxSession(encodeModel(probeGraph(EMIT_PROFILES.cpu)), cpu);
    await expect(session.run({ z: probeInput() })).rejects.toThrow(
      'Expected the inputs x but received z.',
    );
    await expect(session.run({})).rejects.toThrow('received none');
    await session.release();
  });

  it('gives the same bits twice', async () => {
    const session = await openOnnxSession(encodeModel(probeGraph(EMIT_PROFILES.cpu)), cpu);
    const first = await session.run({ x: probeInput() });
    expect(await session.run({ x: probeInput() })).toEqual(first);
    await session.release();
  });

  it('refuses what is no graph', async () => {
    await expect(openOnnxSession(Uint8Array.of(1, 2, 3), cpu)).rejects.toThrow();
  });
});
