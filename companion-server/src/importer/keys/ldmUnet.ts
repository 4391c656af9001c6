import { type NameMap, type NameRules, renameBy } from './nameMap.ts';

export const LDM_UNET_PREFIX = 'model.diffusion_model.';
const EMA_PREFIX = 'model_ema.';

/** Parts of a residual block. */
const RESNET: NameRules = [
  [/\bin_layers\.0\./, 'norm1.'],
  [/\bin_layers\.2\./, 'conv1.'],
  [/\bemb_layers\.1\./, 'time_emb_proj.'],
  [/\bout_layers\.0\./, 'norm2.'],
  [/\bout_layers\.3\./, 'conv2.'],
  [/\bskip_connection\./, 'conv_shortcut.'],
];

/** Layers that are not in a numbered block. */
const AROUND: NameRules = [
  [/^time_embed\.0\./, 'time_embedding.linear_1.'],
  [/^time_embed\.2\./, 'time_embedding.linear_2.'],
  [/^input_blocks\.0\.0\./, 'conv_in.'],
  [/^out\.0\./, 'conv_norm_out.'],
  [/^out\.2\./, 'conv_out.'],
  [/^middle_block\.0\./, 'mid_block.resnets.0.'],
  [/^middle_block\.1\./, 'mid_block.attentions.0.'],
  [/^middle_block\.2\./, 'mid_block.resnets.1.'],
];

const BLOCK = /^(input|output)_blocks\.(\d+)\.(\d+)\.(.*)$/;

/**
 * UNet names of CompVis' latent diffusion → diffusers. LDM numbers blocks across all levels; the blocks per level
 * follow from the position of the first downsampler. Unknown tensors keep their names.
 * Source: CompVis/latent-diffusion, ldm/modules/diffusionmodules/openaimodel.py.
 * @param names all names of the UNet, without `model.diffusion_model.`
 */
export function ldmUNetNames(names: readonly string[]): NameMap {
  const downsamplers = names
    .map((name) => /^input_blocks\.(\d+)\.0\.op\.weight$/.exec(name)?.[1])
    .filter((index) => index !== undefined)
    .map(Number);
  // Block 0 is conv_in, then a level's layers, then its downsampler.
  const perLevel = downsamplers.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...downsamplers);
  return (name) => {
    const block = BLOCK.exec(name);
    if (block === null || name.startsWith('input_blocks.0.')) {
      return renameBy([...AROUND, ...RESNET], name);
    }
    const [, side, index = '', layer, rest = ''] = block;
    return side === 'input'
      ? inputName(Number(index) - 1, perLevel, layer === '0', rest)
      : outputName(Number(index), perLevel, layer === '0', rest);
  };
}

function inputName(index: number, perLevel: number, isResnet: boolean, rest: string): string {
  const [level, layer] = split(index, perLevel);
  const name = `down_blocks.${level}`;
  if (rest.startsWith('op.')) return `${name}.downsamplers.0.conv.${rest.slice('op.'.length)}`;
  return `${name}.${isResnet ? 'resnets' : 'attentions'}.${layer}.${renameBy(RESNET, rest)}`;
}

function outputName(index: number, perLevel: number, isResnet: boolean, rest: string): string {
  const [level, layer] = split(index, perLevel);
  const name = `up_blocks.${level}`;
  // The upsampler comes after the attention, or right after the resnet where the level has none.
  if (rest.startsWith('conv.')) return `${name}.upsamplers.0.${rest}`;
  return `${name}.${isResnet ? 'resnets' : 'attentions'}.${layer}.${renameBy(RESNET, rest)}`;
}

const split = (index: number, perLevel: number): readonly [level: number, layer: number] => [
  Number.isFinite(perLevel) ? Math.floor(index / perLevel) : 0,
  Number.isFinite(perLevel) ? index % perLevel : index,
];

/** Name of the exponential moving average of a UNet's weight: LitEma removes the dots. */
export const ldmAverageName = (name: string): string =>
  `${EMA_PREFIX}diffusion_model${name.replaceAll('.', '')}`;
