import type { BundlePart } from '../models/bundle.ts';
import type { GraphBuilder } from '../onnx/graphBuilder.ts';
import type { WeightSource } from '../onnx/weights.ts';
import { buildKLDecoder, buildKLEncoder } from './autoencoderKl.ts';
import { buildEfficientNetLite } from './efficientNetLite.ts';
import { buildEmotionEncoder } from './emotionEncoder.ts';
import type { ModelPart, ModelSource } from './modelSource.ts';
import { buildPatchDecoder, buildPatchEncoder } from './patchAutoencoder.ts';
import { buildResnet } from './resnet.ts';
import { buildUNet } from './unet2dCondition.ts';

type Build = (graph: GraphBuilder, weights: WeightSource) => void;

/** The graphs that one checkpoint file becomes. */
export interface GraphsOfPart {
  readonly from: ModelPart;
  readonly graphs: readonly (readonly [BundlePart, Build])[];
}

/** Which builder writes which graph of the bundle. */
export function graphsOf({ unet, vae, emotionEncoder, predictor }: ModelSource): GraphsOfPart[] {
  const isPatches = vae._class_name === 'PatchAutoencoder';
  return [
    { from: 'unet', graphs: [['unet', (graph) => buildUNet(graph, unet)]] },
    {
      from: 'vae',
      graphs: isPatches
        ? [
            ['vaeEncoder', (graph) => buildPatchEncoder(graph, vae)],
            ['vaeDecoder', (graph) => buildPatchDecoder(graph, vae)],
          ]
        : [
            ['vaeEncoder', (graph) => buildKLEncoder(graph, vae)],
            ['vaeDecoder', (graph) => buildKLDecoder(graph, vae)],
          ],
    },
    {
      from: 'emotion_encoder',
      graphs: [['emotionEncoder', (graph) => buildEmotionEncoder(graph, emotionEncoder)]],
    },
    {
      from: 'predictor',
      graphs: [
        [
          'predictor',
          (graph, weights) =>
            predictor._class_name === 'ResNet'
              ? buildResnet(graph, predictor, weights)
              : buildEfficientNetLite(graph, predictor, weights),
        ],
      ],
    },
  ];
}
