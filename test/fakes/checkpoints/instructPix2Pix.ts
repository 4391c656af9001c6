import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildClipTextEncoder,
  clipTextConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/clipTextEncoder.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { unetConfigSchema } from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import {
  readClipVocabulary,
  vocabularyFiles,
} from '@emoeditor/companion-server/text/clipVocabulary.ts';
import { safetensors } from './publishedModels.ts';
import { CONFIGS, TENSORS, tensorsOf } from './smallModel.ts';

/** Of one head of CLIP's: what the number of heads is told by, where no config is there to say it. */
const WIDTH = 64;
const TEXT = {
  vocab_size: 49_408,
  hidden_size: WIDTH,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 1,
  max_position_embeddings: 77,
};

/** Attention layers of a VAE as diffusers named them when the model was published. */
const OLD: Readonly<Record<string, string>> = {
  to_q: 'query',
  to_k: 'key',
  to_v: 'value',
  'to_out.0': 'proj_attn',
};

/** InstructPix2Pix in half precision and without its configs, as the catalogue lists it, at a few channels. */
export async function writeInstructPix2Pix(folder: string): Promise<void> {
  const unet = unetConfigSchema.parse({ ...CONFIGS.unet, cross_attention_dim: WIDTH });
  const parts = {
    'unet/diffusion_pytorch_model': tensorsOf((graph) => buildUNet(graph, unet)),
    'vae/diffusion_pytorch_model': TENSORS.vae.map((tensor) => ({
      ...tensor,
      name: tensor.name.replace(
        /(?<=attentions\.0\.)to_(q|k|v|out\.0)/,
        (name) => OLD[name] ?? name,
      ),
    })),
    'text_encoder/model': tensorsOf((graph) =>
      buildClipTextEncoder(graph, clipTextConfigSchema.parse(TEXT)),
    ),
  };
  for (const [path, tensors] of Object.entries(parts)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await safetensors(join(folder, `${path}.fp16.safetensors`), tensors, true);
  }
  await mkdir(join(folder, 'tokenizer'));
  for (const [name, text] of Object.entries(vocabularyFiles(await readClipVocabulary()))) {
    await writeFile(join(folder, 'tokenizer', name), text);
  }
}
