import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { EMIT_PROFILES, type ProfileName } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { describe, expect, it } from 'vitest';
import { SD15 } from '../../../fakes/checkpoints/fullSize.ts';

/** How often each of ONNX Runtime's own operators is in a graph. */
function ownOperators(profile: ProfileName): Record<string, number> {
  const read = async () => new Float32Array();
  const weights = { take: (name: string, shape: readonly number[]) => ({ name, shape, read }) };
  const place = { file: 'unet.weights', offset: 0, length: 0 };
  const sink = { place: () => ({ type: 'float16', place }) as const };
  const graph = createGraphBuilder('unet', weights, sink, EMIT_PROFILES[profile]);
  // Only widths as large as these have kernels for all that CUDA fuses.
  buildUNet(graph, SD15);
  const counts: Record<string, number> = {};
  for (const { type, domain } of graph.finish().nodes) {
    if (domain !== '') counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

describe('a UNet of Stable Diffusion 1.5', () => {
  it('has every convolution, norm and residual fused for CUDA, and all attention packed', () => {
    expect(ownOperators('cuda')).toEqual({
      NhwcConv: 98,
      GroupNorm: 61,
      MultiHeadAttention: 32,
      SkipLayerNormalization: 32,
      BiasSplitGelu: 16,
      BiasAdd: 16,
      // Of the time embedding.
      QuickGelu: 2,
    });
  });

  it('has norms and attention fused for DirectML, and nothing in graphs for any runtime', () => {
    expect(ownOperators('dml')).toEqual({ GroupNorm: 61, MultiHeadAttention: 32, QuickGelu: 2 });
    expect(ownOperators('portable')).toEqual({});
    expect(ownOperators('portableHalf')).toEqual({});
  });
});
