import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';

interface Family {
  readonly name: string;
  /** Matches a tensor name that only this family has. */
  readonly mark: RegExp;
  readonly hint?: string;
}

const SD_1 = 'Supported are models of the Stable Diffusion 1 family, such as InstructPix2Pix.';

/** Other families, each with a tensor that only it has; the first match is reported. */
const FAMILIES: readonly Family[] = [
  {
    name: 'a LoRA',
    mark: /(\.lora_(up|down|A|B)\b|_lora\.(up|down)\.weight$|^lora_|\.hada_w1_a$|\.lokr_w1|\.dora_scale$|lora_magnitude_vector)/,
    hint: 'Merge it into its model first, and import that.',
  },
  {
    name: 'a ControlNet',
    mark: /(controlnet_cond_embedding|^control_model\.|input_hint_block|zero_convs)/,
  },
  { name: 'an IP-Adapter or T2I-Adapter', mark: /(^image_proj\.|^ip_adapter\.|^adapter\.body\.)/ },
  { name: 'a textual inversion', mark: /^(string_to_param\.|emb_params$)/ },
  { name: 'Stable Diffusion 3', mark: /(^|\.)(joint_blocks|context_embedder)\./ },
  { name: 'FLUX', mark: /(^|\.)(double_blocks|single_transformer_blocks)\./ },
  {
    name: 'a diffusion transformer',
    mark: /^(transformer_blocks\.\d+\.(attn1|attn)\.|pos_embed\.proj\.)/,
  },
  {
    name: 'Stable Diffusion XL',
    mark: /(^conditioner\.embedders\.|(^|\.)label_emb\.|(^|\.)add_embedding\.)/,
  },
  { name: 'Stable Diffusion 2', mark: /^cond_stage_model\.model\./ },
  { name: 'a v-prediction model', mark: /^v_pred$/ },
  { name: 'a latent consistency model', mark: /(^|\.)time_embedding\.cond_proj\./ },
  { name: 'an animation model', mark: /motion_modules|temporal_transformer/ },
];

/** Conditioning widths of UNets of other families with the same tensor names as Stable Diffusion 1. */
const TOKEN_WIDTHS: ReadonlyMap<number, string> = new Map([
  [1024, 'Stable Diffusion 2'],
  [1280, 'the refiner of Stable Diffusion XL'],
  [2048, 'Stable Diffusion XL'],
]);

/** Number of input channels of UNets trained for another task. */
const INPUTS: ReadonlyMap<number, string> = new Map([
  [5, 'a model that edits by depth'],
  [7, 'an upscaler'],
  [9, 'an inpainting model'],
]);

/** @throws ImportError UNSUPPORTED naming the family, when it is a known one that is not supported */
export function refuseOtherFamilies({ path, shapes }: Checkpoint): void {
  for (const { name, mark, hint = SD_1 } of FAMILIES) {
    const tensor = [...shapes.keys()].find((key) => mark.test(key));
    if (tensor !== undefined) throw refusal(path, name, `it has the tensor ${tensor}`, hint);
  }
}

/**
 * @param unet by the names of diffusers
 * @throws ImportError UNSUPPORTED with the name of the family
 */
export function refuseOtherUNets({ path, shapes }: Checkpoint): void {
  const width = shapes.get('mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight')?.[1];
  const family = TOKEN_WIDTHS.get(width ?? 0);
  if (family !== undefined) {
    throw refusal(path, family, `its cross-attention takes tokens of width ${width}`, SD_1);
  }
  const inputs = shapes.get('conv_in.weight')?.[1];
  const use = INPUTS.get(inputs ?? 0);
  if (use !== undefined) {
    throw refusal(
      path,
      use,
      `its first layer takes ${inputs} channels, expected 8 (noise and photograph) or 4`,
      SD_1,
    );
  }
}

const refusal = (path: string, family: string, why: string, hint: string) =>
  new ImportError('UNSUPPORTED', `${path} is ${family}: ${why}.`, hint);
