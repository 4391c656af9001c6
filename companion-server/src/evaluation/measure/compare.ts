import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import { ssim } from '../../pipeline/critic/ssim.ts';
import { regionOf } from '../gradCam/region.ts';
import { ess } from '../metrics/canny.ts';
import { isMatched, isNearer, rise } from '../metrics/emotionRates.ts';
import { changeOf, enrd, esmi } from '../metrics/esmi.ts';
import { type FaceBox, facesChanged } from '../metrics/faces.ts';
import { featureDistance } from '../metrics/featureDistance.ts';
import { psnr } from '../metrics/psnr.ts';
import { publishedSsim } from '../metrics/ssim.ts';
import { tensorOf } from '../pictures/rgbPicture.ts';
import { type PictureMeasures, SIDE } from './pictureMeasures.ts';

/** The side of a photograph that does not depend on the edit. */
export interface SourceMeasures extends PictureMeasures {
  readonly faces: readonly FaceBox[];
  /** Where people say that the emotion comes from, [224 · 224]; null where nobody was asked. */
  readonly drawn: Uint8Array | null;
}

/** Metrics of one edit by the keys of the catalogue; null where one does not apply. */
export function compare(
  source: SourceMeasures,
  edit: PictureMeasures,
  target: Emotion,
): Record<string, number | null> {
  return { ...plainMetrics(source, edit), ...judgedMetrics(source, edit, target) };
}

function plainMetrics(source: SourceMeasures, edit: PictureMeasures) {
  const { found, recoloured, crossed } = facesChanged(source.seen, edit.seen, source.faces);
  const difference = psnr(source.seen.rgb, edit.seen.rgb);
  const shift = (of: (measures: PictureMeasures) => number | undefined) => {
    const [before, after] = [of(source), of(edit)];
    return before === undefined || after === undefined ? null : after - before;
  };
  return {
    ssim: publishedSsim(source.grey, edit.grey, SIDE),
    ssimScaled: ssim(tensorOf(source.seen), tensorOf(edit.seen)),
    psnr: Number.isFinite(difference) ? difference : null,
    ess: ess(source.edges, edit.edges),
    clipped: edit.clipped - source.clipped,
    valence: shift(({ readings }) => readings['judge']?.others['valence']?.[0]),
    arousal: shift(({ readings }) => readings['judge']?.others['ratings']?.[1]),
    facesRecoloured: found === 0 ? null : (100 * recoloured) / found,
    facesCrossed: found === 0 ? null : (100 * crossed) / found,
  };
}

function judgedMetrics(source: SourceMeasures, edit: PictureMeasures, target: Emotion) {
  const index = EMOTIONS.indexOf(target);
  const change = changeOf(source.squashed.rgb, edit.squashed.rgb);
  const metrics: Record<string, number | null> = {};
  for (const [judge, before] of Object.entries(source.readings)) {
    const after = edit.readings[judge];
    if (after === undefined) continue;
    const [p, q] = [before.distribution, after.distribution];
    const region = before.heat === null ? null : regionOf(before.heat);
    const index224 = (inside: Uint8Array | null) =>
      inside === null ? null : esmi(change, inside, p, q, index);
    metrics[`${judge}.emoA`] = 100 * isMatched(q, index);
    metrics[`${judge}.esr`] = 100 * isNearer(p, q, index);
    metrics[`${judge}.emoS`] = rise(p, q, index);
    metrics[`${judge}.esmi`] = index224(region);
    metrics[`${judge}.esmiHuman`] = index224(source.drawn);
    metrics[`${judge}.enrd`] = region === null ? null : enrd(change, region);
    metrics[`${judge}.features`] =
      before.features === null || after.features === null
        ? null
        : featureDistance(before.features, after.features);
  }
  return metrics;
}
