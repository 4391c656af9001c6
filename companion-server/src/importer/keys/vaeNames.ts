import { type NameMap, type NameRules, renameBy } from './nameMap.ts';

/** Attention layers before diffusers 0.18. */
const OLD_ATTENTION: NameRules = [
  [/(\.attentions\.\d+\.)query\./, '$1to_q.'],
  [/(\.attentions\.\d+\.)key\./, '$1to_k.'],
  [/(\.attentions\.\d+\.)value\./, '$1to_v.'],
  [/(\.attentions\.\d+\.)proj_attn\./, '$1to_out.0.'],
];

const LDM: NameRules = [
  [/^encoder\.down\.(\d+)\.block\./, 'encoder.down_blocks.$1.resnets.'],
  [/^encoder\.down\.(\d+)\.downsample\./, 'encoder.down_blocks.$1.downsamplers.0.'],
  [/\.mid\.block_1\./, '.mid_block.resnets.0.'],
  [/\.mid\.block_2\./, '.mid_block.resnets.1.'],
  [/\.mid\.attn_1\.norm\./, '.mid_block.attentions.0.group_norm.'],
  [/\.mid\.attn_1\.proj_out\./, '.mid_block.attentions.0.to_out.0.'],
  [/\.mid\.attn_1\.([qkv])\./, '.mid_block.attentions.0.to_$1.'],
  [/coder\.norm_out\./, 'coder.conv_norm_out.'],
  [/\.nin_shortcut\./, '.conv_shortcut.'],
];

/** Names of AutoencoderKL as any release of diffusers wrote them → today's. */
export const diffusersVaeName: NameMap = (name) => renameBy(OLD_ATTENTION, name);

/**
 * Names of CompVis' AutoencoderKL → diffusers, which counts the decoder's levels from the other end.
 * Source: CompVis/latent-diffusion, ldm/modules/diffusionmodules/model.py.
 * @param names all names of the VAE, without `first_stage_model.`
 */
export function ldmVaeNames(names: readonly string[]): NameMap {
  const levels = names.map((name) => Number(/^decoder\.up\.(\d+)\./.exec(name)?.[1] ?? -1));
  const last = levels.reduce((most, level) => Math.max(most, level), -1);
  return (name) =>
    renameBy(LDM, name).replace(
      /^decoder\.up\.(\d+)\.(block|upsample)\./,
      (_, level: string, kind: string) =>
        `decoder.up_blocks.${last - Number(level)}.${kind === 'block' ? 'resnets' : 'upsamplers.0'}.`,
    );
}
