import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, conv2d, groupNormSilu, linear, outputConv2d, silu } from '../../onnx/layers.ts';
import { toNumbers } from '../../onnx/numbers.ts';
import { enterPicture, joinChannels, leavePicture, upsampleTo } from '../../onnx/pictures.ts';
import { scaledLinearSchedule } from '../../schedulers/noiseSchedule.ts';
import { resnetBlock } from './resnetBlock.ts';
import { transformer2D } from './transformer2d.ts';
import type { UNetConfig } from './unetConfig.ts';

interface Context {
  readonly graph: GraphBuilder;
  readonly config: UNetConfig;
  /** Time embedding after its SiLU, [1 or n, 4·c₀]. */
  readonly time: Value;
  readonly tokens: Value;
}

interface Feature {
  readonly value: Value;
  readonly channels: number;
}

/**
 * UNet2DConditionModel → graph `(sample [n, cIn, h, w], timestep [1], tokens [n, length, dim]) → noisePred [n, c, h, w]`.
 * Source: diffusers 0.42, models/unets/unet_2d_condition.py. Any h and w: upsampling goes to the skip's own size.
 * A UNet trained without source latents takes the same sample and uses its noisy half only.
 */
export function buildUNet(graph: GraphBuilder, config: UNetConfig): void {
  const widths = config.block_out_channels;
  const [first, last] = [widths[0] as number, widths.at(-1) as number];
  const isBlind = config.in_channels === config.out_channels;
  const given = isBlind ? 2 * config.in_channels : config.in_channels;
  graph.input('sample', ['n', given, 'h', 'w']);
  graph.input('timestep', [1]);
  graph.input('tokens', ['n', 'length', config.cross_attention_dim]);
  graph.output('noisePred', ['n', config.out_channels, 'h', 'w']);

  const time = timeEmbedding(graph, first);
  const context: Context = {
    graph,
    config,
    time: toNumbers(
      graph,
      silu(graph, config.pool_tokens ? withPooledTokens(graph, time, config) : time),
    ),
    tokens: toNumbers(graph, 'tokens'),
  };
  const residual = config.parametrisation === 'source-residual' ? noiseLevels(graph, config) : null;
  const seen = isBlind ? noisyHalf(graph, config.out_channels) : 'sample';
  const sample = enterPicture(graph, residual === null ? seen : residual.gated);
  let x: Feature = {
    value: conv2d(graph, sample, 'conv_in', [config.in_channels, first, 3]),
    channels: first,
  };
  const skips: Feature[] = [x];
  for (const level of widths.keys()) x = downBlock(context, x, level, skips);
  x = { value: midBlock(context, x.value, last), channels: last };
  for (const index of widths.keys()) x = upBlock(context, x, index, skips);

  const normed = groupNormSilu(graph, x.value, 'conv_norm_out', first, {
    groups: config.norm_num_groups,
    eps: config.norm_eps,
  });
  const shape = [first, config.out_channels, 3] as const;
  if (residual === null) outputConv2d(graph, normed, 'conv_out', shape, 'noisePred');
  else noiseOf(graph, leavePicture(graph, conv2d(graph, normed, 'conv_out', shape)), residual);
}

function noisyHalf(graph: GraphBuilder, channels: number): Value {
  const [from, to, axis] = [[0], [channels], [1]].map((numbers) => graph.integers(numbers));
  return graph.node('Slice', ['sample', from as Value, to as Value, axis as Value]);
}

/** Sinusoidal features of the timestep, cosine half first, through two linear layers: [1, 4·width] in float32. */
function timeEmbedding(graph: GraphBuilder, width: number): Value {
  const half = width / 2;
  const frequencies = Array.from({ length: half }, (_, i) =>
    Math.exp((-Math.log(10_000) * i) / half),
  );
  const time = graph.node('Unsqueeze', ['timestep', graph.integers([1])]);
  const angles = graph.node('Mul', [time, graph.floats(frequencies, [1, half], 'float32')]);
  const features = graph.node(
    'Concat',
    [graph.node('Cos', [angles]), graph.node('Sin', [angles])],
    { attributes: { axis: 1 } },
  );
  const [first, second] = [
    [width, width * 4],
    [width * 4, width * 4],
  ] as const;
  const hidden = linear(graph, features, 'time_embedding.linear_1', first, { isExact: true });
  return linear(graph, silu(graph, hidden), 'time_embedding.linear_2', second, { isExact: true });
}

function downBlock(context: Context, from: Feature, level: number, skips: Feature[]): Feature {
  const { graph, config } = context;
  const channels = config.block_out_channels[level] as number;
  const name = `down_blocks.${level}`;
  let x = from;
  for (let layer = 0; layer < config.layers_per_block; layer++) {
    x = {
      value: resnet(context, x, channels, { name: `${name}.resnets.${layer}`, level }),
      channels,
    };
    if (config.down_block_types[level] === 'CrossAttnDownBlock2D') {
      x = { value: transformer(context, x.value, level, `${name}.attentions.${layer}`), channels };
    }
    skips.push(x);
  }
  if (level === config.block_out_channels.length - 1) return x;
  const down = conv2d(graph, x.value, `${name}.downsamplers.0.conv`, [channels, channels, 3], {
    stride: 2,
  });
  x = { value: down, channels };
  skips.push(x);
  return x;
}

function midBlock(context: Context, x: Value, channels: number): Value {
  const level = context.config.block_out_channels.length - 1;
  const first = resnet(context, { value: x, channels }, channels, {
    name: 'mid_block.resnets.0',
    level,
  });
  const attended = transformer(context, first, level, 'mid_block.attentions.0');
  return resnet(context, { value: attended, channels }, channels, {
    name: 'mid_block.resnets.1',
    level,
  });
}

function upBlock(context: Context, from: Feature, index: number, skips: Feature[]): Feature {
  const { graph, config } = context;
  const level = config.block_out_channels.length - 1 - index;
  const channels = config.block_out_channels[level] as number;
  const name = `up_blocks.${index}`;
  let x = from;
  for (let layer = 0; layer <= config.layers_per_block; layer++) {
    const skip = skips.pop() as Feature;
    const joined = {
      value: joinChannels(graph, x.value, skip.value),
      channels: x.channels + skip.channels,
    };
    x = {
      value: resnet(context, joined, channels, { name: `${name}.resnets.${layer}`, level }),
      channels,
    };
    if (config.up_block_types[index] === 'CrossAttnUpBlock2D') {
      x = { value: transformer(context, x.value, level, `${name}.attentions.${layer}`), channels };
    }
  }
  const next = skips.at(-1);
  if (level === 0 || next === undefined) return x;
  const wide = upsampleTo(graph, x.value, next.value);
  const shape = [channels, channels, 3] as const;
  return {
    value: conv2d(graph, wide, `${name}.upsamplers.0.conv`, shape, { level: level - 1 }),
    channels,
  };
}

interface Place {
  readonly name: string;
  /** How often the latents were halved before it. */
  readonly level: number;
}

function resnet(
  { graph, config, time }: Context,
  x: Feature,
  cOut: number,
  { name, level }: Place,
): Value {
  return resnetBlock(graph, x.value, name, {
    cIn: x.channels,
    cOut,
    groups: config.norm_num_groups,
    eps: config.norm_eps,
    time: { value: time, width: (config.block_out_channels[0] as number) * 4 },
    level,
  });
}

function transformer(context: Context, x: Value, level: number, name: string): Value {
  const { graph, config, tokens } = context;
  const heads = config.attention_head_dim;
  return transformer2D(graph, x, tokens, name, {
    channels: config.block_out_channels[level] as number,
    heads: typeof heads === 'number' ? heads : (heads[level] as number),
    tokenWidth: config.cross_attention_dim,
    groups: config.norm_num_groups,
    linearProjection: config.use_linear_projection,
  });
}

/** time [1, 4·width] + linear(mean of the tokens) → [n, 4·width]. */
function withPooledTokens(graph: GraphBuilder, time: Value, config: UNetConfig): Value {
  const mean = graph.node('ReduceMean', ['tokens', graph.integers([1])], {
    attributes: { keepdims: 0 },
  });
  const width = (config.block_out_channels[0] as number) * 4;
  const shape = [config.cross_attention_dim, width] as const;
  return add(graph, time, linear(graph, mean, 'token_pooling', shape, { isExact: true }));
}

interface NoiseLevels {
  /** Signal and noise levels at the timestep, [1, 1, 1, 1] each: a² = ᾱ(t), s² = 1 − ᾱ(t). */
  readonly a: Value;
  readonly s: Value;
  readonly noisy: Value;
  readonly source: Value;
  /** Input of the network: a · noisy ++ source. */
  readonly gated: Value;
}

function noiseLevels(graph: GraphBuilder, { out_channels: channels }: UNetConfig): NoiseLevels {
  const table = [...scaledLinearSchedule().alphasCumprod];
  const index = graph.node('Cast', ['timestep'], { attributes: { to: 7 } });
  const lookUp = (values: number[]) =>
    graph.node('Gather', [graph.floats(values, [values.length, 1, 1, 1], 'float32'), index]);
  const a = lookUp(table.map(Math.sqrt));
  const s = lookUp(table.map((alpha) => Math.sqrt(1 - alpha)));
  const [noisy, source] = graph.nodes(
    'Split',
    ['sample', graph.integers([channels, channels])],
    2,
    {
      attributes: { axis: 1 },
    },
  ) as [Value, Value];
  const gated = graph.node('Concat', [graph.node('Mul', [a, noisy]), source], {
    attributes: { axis: 1 },
  });
  return { a, s, noisy, source, gated };
}

/** eps = (x_t − a·(source + correction)) / s. */
function noiseOf(
  graph: GraphBuilder,
  correction: Value,
  { a, s, noisy, source }: NoiseLevels,
): void {
  const clean = graph.node('Mul', [a, add(graph, source, correction)]);
  graph.node('Div', [graph.node('Sub', [noisy, clean]), s], { as: 'noisePred' });
}
