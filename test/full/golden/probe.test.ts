import {
  EMIT_PROFILES,
  type EmitProfile,
  PROFILE_NAMES,
} from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { encodeModel, type OnnxModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import {
  probeFault,
  probeGraph,
  probeInput,
  WIDE_PROBE_ANSWER,
  wideProbeGraph,
  wideProbeInput,
} from '@emoeditor/companion-server/runtime/providerProbe.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { forCpu } from '../../golden/runGraph.ts';

const cpu = { provider: 'cpu', threads: 1 };
const profiles = PROFILE_NAMES.map((name) => EMIT_PROFILES[name]);

async function answerOf(graph: OnnxModel, x: Tensor): Promise<Tensor> {
  const session = await openOnnxSession(encodeModel(forCpu(graph)), cpu);
  const { y } = await session.run({ x });
  await session.release();
  return y as Tensor;
}

const operatorsIn = (profile: EmitProfile) => {
  const nodes = [...probeGraph(profile).nodes, ...wideProbeGraph(profile).nodes];
  return new Set(nodes.map(({ type }) => type));
};

describe.each(profiles)('the networks that prove a provider, written for $name', (profile) => {
  it('give what PyTorch gives, fused operators as their schemas describe them', async () => {
    expect(probeFault(await answerOf(probeGraph(profile), probeInput()))).toBeNull();
    const wide = await answerOf(wideProbeGraph(profile), wideProbeInput());
    expect(probeFault(wide, WIDE_PROBE_ANSWER)).toBeNull();
  });

  it.each([probeGraph, wideProbeGraph])(
    'have names, types and shapes as ONNX Runtime wants them (%o)',
    async (graph) => {
      // The whole graph is checked against the schemas before the first kernel is looked for.
      const loaded = await openOnnxSession(encodeModel(graph(profile)), cpu).then(
        async (session) => {
          await session.release();
          return 'every kernel found';
        },
        (error: Error) => error.message,
      );
      expect(loaded).toMatch(
        /^every kernel found$|^Failed to find kernel for com\.microsoft\.(NhwcConv|GroupNorm|BiasSplitGelu|BiasAdd)\(1\)/,
      );
    },
  );
});

describe('the profiles for graphics cards', () => {
  it('prove every fused operator that a model may have', () => {
    const fused = ['NhwcConv', 'GroupNorm', 'BiasSplitGelu', 'BiasAdd', 'SkipLayerNormalization'];
    const used = operatorsIn(EMIT_PROFILES.cuda);
    expect([...fused, 'MultiHeadAttention'].filter((type) => !used.has(type))).toEqual([]);
    const direct = operatorsIn(EMIT_PROFILES.dml);
    expect(['GroupNorm', 'MultiHeadAttention', 'QuickGelu'].every((t) => direct.has(t))).toBe(true);
    expect(fused.filter((type) => direct.has(type))).toEqual(['GroupNorm']);
  });

  it.each([
    { name: 'cuda', scales: 'float32' },
    { name: 'dml', scales: 'float16' },
  ] as const)(
    'give the group norms of $name their scales in $scales, as its kernel wants',
    (way) => {
      const { nodes, tensors } = probeGraph(EMIT_PROFILES[way.name]);
      const norm = nodes.find(({ type }) => type === 'GroupNorm');
      const types = norm?.inputs.slice(1).map((name) => tensors.find((t) => t.name === name)?.type);
      expect(types).toEqual([way.scales, way.scales]);
    },
  );

  it('use nothing but the standard where they promise so', () => {
    for (const profile of [EMIT_PROFILES.portable, EMIT_PROFILES.portableHalf]) {
      const nodes = [...probeGraph(profile).nodes, ...wideProbeGraph(profile).nodes];
      expect(nodes.filter(({ domain }) => domain !== '')).toEqual([]);
    }
  });
});
