import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32ToFloat16 } from '@emoeditor/companion-server/tensor/float16.ts';
import { CONFIGS, ldmNames, type NamedTensor, TENSORS } from './smallModel.ts';
import { writeSafetensors } from './writeSafetensors.ts';
import { writeTorchZip } from './writeTorchZip.ts';

/** Tensors as torch.save writes them. */
export const torch = (
  path: string,
  tensors: readonly NamedTensor[],
  half = false,
  container: string | null = null,
) =>
  writeTorchZip(
    path,
    tensors.map(({ name, shape, values }) => ({
      name,
      shape,
      values: () => (half ? float32ToFloat16(values) : values),
    })),
    { half, container },
  );

export const safetensors = (path: string, tensors: readonly NamedTensor[], half = false) =>
  writeSafetensors(path, Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor])), half);

const renamed = (tensors: readonly NamedTensor[], nameOf: (name: string) => string) =>
  tensors.map((tensor) => ({ ...tensor, name: nameOf(tensor.name) }));

/** The authors' files as they publish them: half for the whole module, float32 for the encoder. */
export async function writeAuthors(folder: string): Promise<void> {
  await mkdir(join(folder, 'model'), { recursive: true });
  await torch(
    join(folder, 'model/model_ip2p.pt'),
    [
      ...renamed(TENSORS.unet, (name) => `unet.${name}`),
      ...renamed(TENSORS.vae, (name) => `auto_encoder.${name}`),
    ],
    true,
  );
  await torch(join(folder, 'model/model_emoenc.pt'), TENSORS.emotion_encoder);
}

/** UNet and VAE by the names of CompVis' code, with the VAE's attention as convolutions, and a tensor of the noise. */
export function ldmTensors(): NamedTensor[] {
  const [unet, vae] = [ldmNames('unet'), ldmNames('vae')];
  return [
    ...renamed(TENSORS.unet, (name) => unet.get(name) ?? name),
    ...renamed(TENSORS.vae, (name) => vae.get(name) ?? name).map((tensor) =>
      /attn_1\.(q|k|v|proj_out)\.weight/.test(tensor.name)
        ? { ...tensor, shape: [...tensor.shape, 1, 1] }
        : tensor,
    ),
    { name: 'betas', shape: [2], values: Float32Array.of(1, 2) },
  ];
}

/** In Lightning's container. */
export const writeLdm = (path: string) => torch(path, ldmTensors(), false, 'state_dict');

export async function writeDiffusers(folder: string): Promise<void> {
  const write = (path: string, json: object) => writeFile(join(folder, path), JSON.stringify(json));
  for (const part of ['unet', 'vae', 'scheduler'])
    await mkdir(join(folder, part), { recursive: true });
  await write('model_index.json', { _class_name: 'StableDiffusionInstructPix2PixPipeline' });
  await write('unet/config.json', CONFIGS.unet);
  await write('vae/config.json', CONFIGS.vae);
  await write('scheduler/scheduler_config.json', CONFIGS.scheduler);
  const half = Math.floor(TENSORS.unet.length / 2);
  const shards = [TENSORS.unet.slice(0, half), TENSORS.unet.slice(half)];
  const weight_map: Record<string, string> = {};
  for (const [index, tensors] of shards.entries()) {
    const file = `diffusion_pytorch_model-0000${index + 1}-of-00002.safetensors`;
    await safetensors(join(folder, 'unet', file), tensors);
    for (const { name } of tensors) weight_map[name] = file;
  }
  await write('unet/diffusion_pytorch_model.safetensors.index.json', { weight_map });
  await torch(join(folder, 'vae/diffusion_pytorch_model.fp16.bin'), TENSORS.vae, true);
}

/** The export folder of our own training; the predictor is copied from another. */
export async function writeExport(folder: string, predictor: string): Promise<void> {
  for (const part of ['unet', 'vae', 'emotion_encoder'] as const) {
    await mkdir(join(folder, part), { recursive: true });
    await writeFile(join(folder, part, 'config.json'), JSON.stringify(CONFIGS[part]));
    const stem = part === 'emotion_encoder' ? 'model' : 'diffusion_pytorch_model';
    await safetensors(join(folder, part, `${stem}.safetensors`), TENSORS[part]);
  }
  await mkdir(join(folder, 'scheduler'));
  await writeFile(
    join(folder, 'scheduler/scheduler_config.json'),
    JSON.stringify(CONFIGS.scheduler),
  );
  await cp(predictor, join(folder, 'predictor'), { recursive: true });
  const card = { name: 'small', version: '1', licence: 'MIT', limits: [] };
  await writeFile(join(folder, 'card.json'), JSON.stringify(card));
}
