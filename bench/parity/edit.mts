import { unscaledSource } from '@emoeditor/companion-server/importer/sources/sd1Defaults.ts';
import type { Bundle, BundlePart } from '@emoeditor/companion-server/models/bundle.ts';
import { createLazySessions } from '@emoeditor/companion-server/models/lazySessions.ts';
import { onnxModels } from '@emoeditor/companion-server/models/onnxModels.ts';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { decode } from '@emoeditor/companion-server/pipeline/decode.ts';
import { denoise } from '@emoeditor/companion-server/pipeline/denoise.ts';
import { encode } from '@emoeditor/companion-server/pipeline/encode.ts';
import { noGuidance } from '@emoeditor/companion-server/pipeline/guidance/noGuidance.ts';
import { createScheduler } from '@emoeditor/companion-server/schedulers/createScheduler.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { openGraph, type Way } from '../../test/golden/runGraph.ts';
import { CASES, type Case, configOfVae, tensorsOf, weightsOf } from './cases.mts';

/** Every network of an edit: part of the bundle, file of the reference, its graph. */
type Network = readonly [part: BundlePart, file: string, graph: Case];

async function networksIn(folder: string): Promise<Network[]> {
  const [unet] = await CASES.unet(folder);
  const [encoder, decoder] = await CASES.vae(folder);
  const [emotion] = await CASES.emotion(folder);
  return [
    ['unet', 'unet', unet],
    ['vaeEncoder', 'vae', encoder],
    ['vaeDecoder', 'vae', decoder],
    ['emotionEncoder', 'emotion', emotion],
  ];
}

/**
 * The edit of golden/full_edit.py by our models, scheduler and loop of steps.
 * @returns the edited picture, [1, 3, H, W] in [0, 1]
 */
export async function editIn(folder: string, way: Way): Promise<Tensor> {
  const given = await tensorsOf(folder);
  const networks = await networksIn(folder);
  const sessions = createLazySessions((part) => {
    const [, file, graph] = networks.find(([name]) => name === part) as Network;
    const profile = graph.isExact ? EMIT_PROFILES[way.profile].full : way.profile;
    return openGraph(weightsOf(folder, file), { ...way, profile }, graph.build);
  });
  try {
    const models = onnxModels(sessions.get, await describedIn(folder));
    const { vae, unet, emotionEncoder } = models as Required<typeof models>;
    const imageLatents = await encode(vae, given('image'));
    const tokens = await emotionEncoder.encode(given('direction'));
    const scheduler = createScheduler('ddim', {
      spacing: 'leading',
      steps: given('steps').data[0] as number,
      trainTimesteps: given('trainTimesteps').data[0] as number,
    });
    const { dims } = imageLatents;
    const data = scheduler.addNoise(imageLatents.data, given('noise').data, 0);
    const lane = {
      latents: { data, dims },
      startStep: 0,
      conditioning: { tokens, imageLatents },
      guidance: noGuidance,
    };
    const control = {
      signal: new AbortController().signal,
      isOutOfTime: () => false,
      onStep() {},
    };
    const [latents] = (await denoise(unet, scheduler, [lane], control)) as [Tensor];
    return await decode(vae, latents);
  } finally {
    await sessions.release();
  }
}

async function describedIn(folder: string): Promise<Parameters<typeof onnxModels>[1]> {
  const vae = await configOfVae(folder);
  return {
    files: [{ name: 'emotionEncoder.onnx', bytes: 0, sha256: '' }],
    latents: {
      channels: vae.latent_channels,
      stride: 8,
      scalingFactor: vae.scaling_factor,
      sourceScale: unscaledSource(vae),
    },
    // Judges nothing here.
    predictor: {} as Bundle['predictor'],
  };
}

/** Peak signal-to-noise ratio of pictures in [0, 1], in dB. */
export function psnr(is: Tensor, should: Tensor): number {
  if (is.dims.join() !== should.dims.join()) return Number.NaN;
  const squares = is.data.reduce(
    (sum, value, i) => sum + (value - (should.data[i] as number)) ** 2,
    0,
  );
  return -10 * Math.log10(squares / is.data.length);
}
