import type { Checkpoint } from '../checkpoint/checkpoint.ts';

type Shapes = Pick<Checkpoint, 'shapes'>;

/** The diffusers config of a tiny autoencoder; if encoder or decoder is missing, its part has the usual values. */
export function inferTinyConfig({ shapes }: Shapes): Record<string, unknown> {
  const width = (layer: string) => shapes.get(`${layer}.weight`)?.[0] as number;
  const encoder = encoderBlocks(shapes);
  const decoder = decoderBlocks(shapes);
  return {
    _class_name: 'AutoencoderTiny',
    ...(encoder.length === 0
      ? {}
      : {
          num_encoder_blocks: encoder,
          encoder_block_out_channels: encoder.map(() => width('encoder.layers.0')),
        }),
    ...(decoder.length === 0
      ? {}
      : {
          num_decoder_blocks: decoder,
          decoder_block_out_channels: decoder.map(() => width('decoder.layers.0')),
          latent_channels: shapes.get('decoder.layers.0.weight')?.[1],
        }),
  };
}

/** Blocks of each stage: a convolution, then its blocks; the last convolution has none behind it. */
function encoderBlocks(shapes: Shapes['shapes']): number[] {
  const stages: number[] = [];
  let layer = 0;
  while (shapes.has(`encoder.layers.${layer}.weight`)) {
    const count = blocksFrom(shapes, 'encoder', layer + 1);
    stages.push(count);
    layer += 1 + count;
  }
  return stages.slice(0, -1);
}

/** Blocks of each stage: blocks, an upsampler without weights, a convolution; the last stage has no upsampler. */
function decoderBlocks(shapes: Shapes['shapes']): number[] {
  const stages: number[] = [];
  // Behind the first convolution and its activation.
  let layer = 2;
  while (shapes.has('decoder.layers.0.weight')) {
    const count = blocksFrom(shapes, 'decoder', layer);
    stages.push(count);
    layer += count;
    if (!shapes.has(`decoder.layers.${layer + 1}.weight`)) break;
    layer += 2;
  }
  return stages;
}

function blocksFrom(shapes: Shapes['shapes'], side: string, first: number): number {
  let count = 0;
  while (shapes.has(`${side}.layers.${first + count}.conv.0.weight`)) count++;
  return count;
}
