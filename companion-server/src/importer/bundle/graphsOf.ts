import type { BundlePart } from '../../models/bundle.ts';
import type { GraphBuilder } from '../../onnx/graph.ts';
import type { WeightSource } from '../../onnx/weights.ts';
import { buildKLDecoder, buildKLEncoder } from '../architectures/autoencoderKl.ts';
import { buildTinyDecoder, buildTinyEncoder } from '../architectures/autoencoderTiny.ts';
import { buildClipTextEncoder } from '../architectures/clipTextEncoder.ts';
import { buildEfficientNetLite } from '../architectures/efficientNetLite.ts';
import { buildEmotionEncoder } from '../architectures/emotionEncoder.ts';
import { buildKernelPredictor } from '../architectures/kernelPredictor.ts';
import { buildPatchDecoder, buildPatchEncoder } from '../architectures/patchAutoencoder.ts';
import { buildResnet } from '../architectures/resnet.ts';
import { buildUNet } from '../architectures/unet2dCondition.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ConditioningPart, ModelPart, ModelSource, Part } from '../sources/modelSource.ts';

export type Build = (graph: GraphBuilder, weights: WeightSource) => void;

/** The graphs that one network becomes. */
export interface GraphsOfPart {
  readonly from: ModelPart;
  readonly weights: Checkpoint;
  /** Always float32: tiny, or it decides acceptance. */
  readonly isExact?: boolean;
  readonly graphs: readonly (readonly [BundlePart, Build])[];
}

/** Which builder writes which graph of the bundle. */
export function graphsOf({
  unet,
  vae,
  conditioning,
  text,
  tinyDecoder,
  predictor,
}: ModelSource): GraphsOfPart[] {
  const jobs: GraphsOfPart[] = [
    {
      from: 'unet',
      weights: unet.weights,
      graphs: [['unet', (graph) => buildUNet(graph, unet.config)]],
    },
    {
      from: 'vae',
      weights: vae.weights,
      isExact: vae.config._class_name === 'PatchAutoencoder',
      graphs: graphsOfVae(vae.config),
    },
    graphsOfConditioning(conditioning),
  ];
  if (text !== undefined) jobs.push(graphsOfConditioning({ kind: 'instruction', ...text }));
  if (tinyDecoder !== undefined) {
    const { config, weights } = tinyDecoder;
    const build: Build = (graph) => buildTinyDecoder(graph, config);
    jobs.push({ from: 'tinyDecoder', weights, graphs: [['tinyDecoder', build]] });
  }
  if ('weights' in predictor) jobs.push(graphsOfPredictor(predictor));
  return jobs;
}

/** The one graph of a predictor. */
export const graphsOfPredictor = ({ config, weights }: Part<'predictor'>): GraphsOfPart => ({
  from: 'predictor',
  weights,
  isExact: true,
  graphs: [['predictor', (graph, source) => buildPredictor(graph, config, source)]],
});

function graphsOfVae(config: ModelSource['vae']['config']): GraphsOfPart['graphs'] {
  switch (config._class_name) {
    case 'AutoencoderKL':
      return [
        ['vaeEncoder', (graph) => buildKLEncoder(graph, config)],
        ['vaeDecoder', (graph) => buildKLDecoder(graph, config)],
      ];
    case 'AutoencoderTiny':
      return [
        ['vaeEncoder', (graph) => buildTinyEncoder(graph, config)],
        ['vaeDecoder', (graph) => buildTinyDecoder(graph, config)],
      ];
    case 'PatchAutoencoder':
      return [
        ['vaeEncoder', (graph) => buildPatchEncoder(graph, config)],
        ['vaeDecoder', (graph) => buildPatchDecoder(graph, config)],
      ];
  }
}

function graphsOfConditioning(conditioning: ConditioningPart): GraphsOfPart {
  const { kind, config, weights } = conditioning;
  return kind === 'instruction'
    ? {
        from: 'textEncoder',
        weights,
        graphs: [['textEncoder', (graph) => buildClipTextEncoder(graph, config)]],
      }
    : {
        from: 'emotionEncoder',
        weights,
        isExact: true,
        graphs: [['emotionEncoder', (graph) => buildEmotionEncoder(graph, config)]],
      };
}

function buildPredictor(
  graph: GraphBuilder,
  config: Part<'predictor'>['config'],
  weights: WeightSource,
): void {
  if (config._class_name === 'ResNet') buildResnet(graph, config, weights);
  else if (config._class_name === 'EmotionPredictor') buildEfficientNetLite(graph, config, weights);
  else buildKernelPredictor(graph, config, weights);
}
