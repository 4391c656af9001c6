import type { EmotionVector } from '@emoeditor/shared';

/** Weight of structure against emotion, and what keeps a division from zero, in the official `metric_ESMI.py`. */
const ALPHA = 0.5;
const EPSILON = 1e-10;
/** Smallest probability of which a logarithm is taken. */
const LEAST = 1e-12;

/**
 * Emotion stimuli modification index, 0 … 100, as the official `metric_ESMI.py` computes it: half the share of all
 * change that lies in the region which decides the source's emotion (Grad-CAM of the predictor's last block for the
 * source's first class, above 0.5), half the share of the divergence from the one-hot target that the edit took away.
 * It rises with any texture inside the region, a picture that did not change has 0, and the judge that an edit was made
 * for flatters it.
 * @param change mean |source − edit| of each pixel, see changeOf
 * @param region 1 inside, of the same size
 */
export function esmi(
  change: Float64Array,
  region: Uint8Array,
  before: EmotionVector,
  after: EmotionVector,
  target: number,
): number {
  const structure = sumWithin(change, region, 1) / (sum(change) + EPSILON);
  const divergence = (p: EmotionVector) => -Math.log(Math.max(p[target] as number, LEAST));
  const gained = Math.max(0, divergence(before) - divergence(after));
  return 100 * (ALPHA * structure + (1 - ALPHA) * (gained / (divergence(before) + EPSILON)));
}

/**
 * Emotion-neutral region difference of the paper's first version, in levels of 255: the change outside that region,
 * averaged over the whole picture as the official `cal_L1` averages.
 */
export const enrd = (change: Float64Array, region: Uint8Array): number =>
  sumWithin(change, region, 0) / change.length;

/** Mean |source − edit| over the channels of each pixel, in levels of 255. */
export function changeOf(source: Uint8Array, edit: Uint8Array): Float64Array {
  const change = new Float64Array(source.length / 3);
  for (let i = 0; i < source.length; i++) {
    const at = Math.floor(i / 3);
    const difference = Math.abs((source[i] as number) - (edit[i] as number));
    change[at] = (change[at] as number) + difference / 3;
  }
  return change;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

const sumWithin = (values: Float64Array, region: Uint8Array, inside: 0 | 1) =>
  values.reduce((total, value, i) => (region[i] === inside ? total + value : total), 0);
