import { EMOTIONS } from '@emoeditor/shared';
import * as z from 'zod';
import { EMIT_PROFILES, type ProfileName } from '../onnx/emitProfile.ts';
import { fastAcceptanceSchema } from '../pipeline/ieiRules/fastAcceptance.ts';
import { fastSettingsSchema } from '../pipeline/ieiRules/fastSettings.ts';

export const BUNDLE_FILE = 'bundle.json';

/**
 * The graphs of a bundle, each `<part>.onnx` with its weights in `<part>.weights`. Where other providers need other
 * operators than the CPU there are also graphs of other profiles, such as `<part>.cuda.onnx`, with the same weights.
 */
export const BUNDLE_PARTS = [
  'unet',
  'vaeEncoder',
  'vaeDecoder',
  'emotionEncoder',
  'textEncoder',
  'predictor',
  'tinyDecoder',
  'scene',
  'faces',
  'selfie',
] as const;
export type BundlePart = (typeof BUNDLE_PARTS)[number];

/**
 * Parts of every bundle. A `tinyDecoder` (a fast decoder of the same latents, for previews) is optional, and so are
 * `scene`, `faces` and `selfie`, which tell what a picture shows.
 */
const PICTURE_PARTS = ['unet', 'vaeEncoder', 'vaeDecoder', 'predictor'] as const;

/** Parts by kind of bundle, which differ in the UNet's conditioning. */
export const PARTS_OF_KIND = {
  'emotion-direction': [...PICTURE_PARTS, 'emotionEncoder'],
  instruction: [...PICTURE_PARTS, 'textEncoder'],
} as const satisfies Readonly<Record<string, readonly BundlePart[]>>;

const fileName = z.string().regex(/^[A-Za-z0-9._-]+$/, 'a plain file name');

/** `bundle.json`: everything about a model bundle that is not a number inside a network. */
export const bundleSchema = z.object({
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1),
  version: z.string().min(1),
  kind: z.enum(['emotion-direction', 'instruction']),
  licence: z.string().min(1),
  /** What the model cannot do, one sentence each. */
  limits: z.array(z.string()),
  latents: z.object({
    channels: z.int().positive(),
    /** Picture pixels per latent, each way. */
    stride: z.literal(8),
    scalingFactor: z.number().positive(),
    /**
     * Factor on the source's scaled latents before they are concatenated to the noisy ones: 1 where the UNet was
     * trained so, 1 / scalingFactor for InstructPix2Pix and its descendants, which take them unscaled.
     */
    sourceScale: z.number().positive().default(1),
  }),
  /** The proxy's size: about `area` pixels at the photograph's aspect, sides multiples of `multiple`. */
  workingSize: z.object({ area: z.int().positive(), multiple: z.int().positive() }),
  conditioning: z.object({ tokens: z.int().positive(), width: z.int().positive() }),
  classOrder: z.array(z.string()).refine((names) => names.join() === EMOTIONS.join(), {
    error: `the eight emotions in the order ${EMOTIONS.join(', ')}`,
  }),
  predictor: z.object({
    inputSize: z.int().positive(),
    /** Squash-resize to inputSize², then (value − mean) / std per colour; the graph does the latter itself. */
    mean: z.tuple([z.number(), z.number(), z.number()]),
    std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
    /** Calibration: softmax(logits / temperature), also done by the graph. */
    temperature: z.number().positive(),
  }),
  /** There in bundles that tell what a scene shows: the picture is squashed to inputSize². */
  scene: z.optional(z.object({ inputSize: z.int().positive() })),
  scheduler: z.object({
    numTrainTimesteps: z.literal(1000),
    betaSchedule: z.literal('scaled_linear'),
    betaStart: z.literal(0.00085),
    betaEnd: z.literal(0.012),
    predictionType: z.literal('epsilon'),
  }),
  /** Guidance scales of instruction and picture; in bundles with a text encoder. */
  guidance: z.optional(
    z.object({ text: z.number().nonnegative(), image: z.number().nonnegative() }),
  ),
  /** Settings of the `fast` rules that suit these weights. */
  fast: z.optional(fastSettingsSchema),
  /** Thresholds at which `fast` accepts an edit, measured with this predictor; the published 0.6 when left out. */
  acceptance: z.optional(fastAcceptanceSchema),
  /**
   * Whether what no grade explains is painted into the layer. Not where a model's own content is only stains at
   * document size.
   */
  content: z.boolean().default(true),
  /** How each part's weights are stored. */
  precision: z.partialRecord(z.enum(BUNDLE_PARTS), z.enum(['float32', 'float16', 'int8'])),
  files: z.array(
    z.object({
      name: fileName,
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  /** What the weights were trained on, on which backbones, and what was measured: see the model card. */
  provenance: z.record(z.string(), z.unknown()),
});
export type Bundle = z.infer<typeof bundleSchema>;

export const graphFile = (part: BundlePart, profile: ProfileName = 'cpu'): string =>
  profile === 'cpu' ? `${part}.onnx` : `${part}.${profile}.onnx`;
export const weightsFile = (part: BundlePart): string => `${part}.weights`;
/** Weights file of a linked part for what is not in the user's file: biases, norms, folded layers. */
export const ownWeightsFile = (part: BundlePart): string => `${part}.own.weights`;

/** The file to open for a profile: its own graph, or that of its fallback. */
export function graphFor(
  bundle: Pick<Bundle, 'files'>,
  part: BundlePart,
  profile: ProfileName,
): string {
  const candidates = [profile, ...EMIT_PROFILES[profile].otherwise].map((name) =>
    graphFile(part, name),
  );
  const own = candidates.find((file) => bundle.files.some(({ name }) => name === file));
  return own ?? graphFile(part);
}

export const hasPart = ({ files }: Pick<Bundle, 'files'>, part: BundlePart): boolean =>
  files.some(({ name }) => name === graphFile(part));

/** Storage of a bundle in a word or two: `float16`, `int8 and float16`. */
export function describePrecision({ precision }: Pick<Bundle, 'precision'>): string {
  return [...new Set(Object.values(precision))].join(' and ');
}
