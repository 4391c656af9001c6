import * as z from 'zod';
import { attend } from '../../onnx/attention.ts';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, layerNorm, linear } from '../../onnx/layers.ts';
import { toFloat32 } from '../../onnx/numbers.ts';
import { ELEMENT_TYPE, MICROSOFT } from '../../onnx/onnxModel.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';
import { fixedKeys } from './fixedKeys.ts';

/** The keys of transformers' CLIPTextConfig that shape the graph; Stable Diffusion 2's encoder has another activation. */
export const clipTextConfigSchema = z
  .object({
    vocab_size: z.int().positive(),
    hidden_size: z.int().positive(),
    intermediate_size: z.int().positive(),
    num_hidden_layers: z.int().positive(),
    num_attention_heads: z.int().positive(),
    max_position_embeddings: z.int().positive(),
    ...fixedKeys({ hidden_act: 'quick_gelu', layer_norm_eps: 1e-5, model_type: 'clip_text_model' }),
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    error: 'hidden_size must be a multiple of num_attention_heads',
  });
export type ClipTextConfig = z.infer<typeof clipTextConfigSchema>;

/** Masks a score: far enough below any other that the softmax gives 0, and finite in float16. */
const HIDDEN = -1e4;

/**
 * CLIPTextModel of transformers → graph `ids [n, length] → tokens [n, length, width]`, the last hidden state after the
 * final norm, as Stable Diffusion 1 takes it. Ids are floats, as all inputs of a bundle's graphs; they are exact.
 */
export function buildClipTextEncoder(graph: GraphBuilder, config: ClipTextConfig): void {
  const { hidden_size: width, max_position_embeddings: length } = config;
  graph.input('ids', ['n', length]);
  graph.output('tokens', ['n', length, width]);
  const at = 'text_model';
  const table = graph.weight(`${at}.embeddings.token_embedding.weight`, [config.vocab_size, width]);
  const ids = graph.node('Cast', ['ids'], { attributes: { to: ELEMENT_TYPE.int64 } });
  const words = graph.node('Gather', [table, ids], { attributes: { axis: 0 } });
  const places = graph.weight(`${at}.embeddings.position_embedding.weight`, [length, width]);
  const mask = graph.floats(causalMask(length), [length, length], 'float32');
  let x = add(graph, words, places);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    x = encoderLayer(graph, x, mask, `${at}.encoder.layers.${layer}`, config);
  }
  // Always float32: the inputs of the UNet's graph, here the tokens, are float32.
  const scale = graph.weight(`${at}.final_layer_norm.weight`, [width], 'float32');
  const shift = graph.weight(`${at}.final_layer_norm.bias`, [width], 'float32');
  graph.node('LayerNormalization', [toFloat32(graph, x), scale, shift], {
    attributes: { axis: -1, epsilon: { float: 1e-5 } },
    as: 'tokens',
  });
}

/** [length, length]: a token attends to itself and to those before it. */
const causalMask = (length: number) =>
  Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? HIDDEN : 0,
  );

function encoderLayer(
  graph: GraphBuilder,
  x: Value,
  mask: Value,
  at: string,
  { hidden_size: channels, intermediate_size: inner, num_attention_heads: heads }: ClipTextConfig,
): Value {
  const square = [channels, channels] as const;
  const before = layerNorm(graph, x, `${at}.layer_norm1`, channels);
  const project = (name: string) => linear(graph, before, `${at}.self_attn.${name}_proj`, square);
  const projected = [project('q'), project('k'), project('v')] as const;
  const mixed = attend(graph, projected, { heads, channels }, mask);
  const seen = add(graph, x, linear(graph, mixed, `${at}.self_attn.out_proj`, square));
  const after = layerNorm(graph, seen, `${at}.layer_norm2`, channels);
  const wide = quickGelu(graph, linear(graph, after, `${at}.mlp.fc1`, [channels, inner]));
  return add(graph, seen, linear(graph, wide, `${at}.mlp.fc2`, [inner, channels]));
}

/** x · sigmoid(1.702 · x): OpenAI's approximation of GELU. */
function quickGelu(graph: GraphBuilder, x: Value): Value {
  const alpha = 1.702;
  if (graph.profile.silu !== 'standard') {
    const attributes = { alpha: { float: alpha } };
    return graph.node('QuickGelu', [x], { attributes, domain: MICROSOFT });
  }
  const scaled = graph.node('Mul', [x, graph.floats([alpha])]);
  return graph.node('Mul', [x, graph.node('Sigmoid', [scaled])]);
}

/** Of every text encoder that OpenAI published. */
const HEAD_WIDTH = 64;

/** The config of a CLIP text encoder from the shapes of its tensors. @throws ImportError MISSING_TENSOR */
export function inferClipTextConfig({
  shapes,
  path,
}: Pick<Checkpoint, 'shapes' | 'path'>): Record<string, unknown> {
  const sides = (name: string): readonly number[] => {
    const found = shapes.get(`text_model.${name}`);
    if (found !== undefined) return found;
    throw new ImportError(
      'MISSING_TENSOR',
      `Expected the tensor text_model.${name} in ${path} but it is not there.`,
      'Give the text encoder of a Stable Diffusion 1 model, complete.',
    );
  };
  const [vocabulary, width = HEAD_WIDTH] = sides('embeddings.token_embedding.weight');
  let layers = 0;
  while (shapes.has(`text_model.encoder.layers.${layers}.layer_norm1.weight`)) layers++;
  return {
    vocab_size: vocabulary,
    hidden_size: width,
    intermediate_size: sides('encoder.layers.0.mlp.fc1.weight')[0],
    num_hidden_layers: layers,
    num_attention_heads: width / HEAD_WIDTH,
    max_position_embeddings: sides('embeddings.position_embedding.weight')[0],
  };
}
