/** A figure of single edits whose mean over photographs a table shows. */
export interface Metric {
  readonly title: string;
  /** What it is and where it is from, in a sentence. */
  readonly about: string;
  /** Which way is better; null where neither is. */
  readonly better: 'more' | 'less' | null;
  readonly digits: number;
  /** How values of single edits become one; the mean when left out. */
  readonly middle?: 'median';
}

const per = (judge: string) =>
  judge === 'predictor' ? 'the bundle’s predictor' : 'the second judge';

/** All metrics by the keys that results have, those of each judge first. */
export const metricsFor = (judges: readonly string[]): Readonly<Record<string, Metric>> =>
  Object.assign({}, ...judges.map(judgedMetrics), PLAIN_METRICS);

/** Metrics that depend on who judges, by `<judge>.<key>`. */
const judgedMetrics = (judge: string): Readonly<Record<string, Metric>> =>
  Object.fromEntries(
    Object.entries(JUDGED).map(([key, metric]) => [
      `${judge}.${key}`,
      { ...metric, title: `${metric.title}, ${judge}`, about: `By ${per(judge)}: ${metric.about}` },
    ]),
  );

const JUDGED: Readonly<Record<string, Metric>> = {
  emoA: {
    title: 'EMR = Emo-A, %',
    about: 'edits whose first class is the target (EmoEditor’s first version; EmoEdit 2025).',
    better: 'more',
    digits: 1,
  },
  esr: {
    title: 'ESR, %',
    about: 'edits that are nearer to the target than their source (EmoEditor’s first version).',
    better: 'more',
    digits: 1,
  },
  emoS: {
    title: 'Emo-S',
    about: 'rise of P(target) (EmoEdit 2025).',
    better: 'more',
    digits: 3,
  },
  esmi: {
    title: 'ESMI, CAM',
    about:
      'half the share of change inside the deciding region, half the divergence taken away, × 100 (metric_ESMI.py).',
    better: 'more',
    digits: 2,
  },
  esmiHuman: {
    title: 'ESMI, annotated',
    about: 'the same with the region that people drew; photographs without one are left out.',
    better: 'more',
    digits: 2,
  },
  enrd: {
    title: 'ENRD',
    about:
      'change outside the deciding region, mean over the picture in levels of 255 (EmoEditor’s first version).',
    better: 'less',
    digits: 2,
  },
  features: {
    title: 'feature distance',
    about:
      '1 − cosine of the last block’s channel means: a figure of this network, not LPIPS, CLIP-I or DINO-I.',
    better: 'less',
    digits: 3,
  },
};

/** Metrics of an edit and its source alone, by key. */
const PLAIN_METRICS: Readonly<Record<string, Metric>> = {
  ssim: {
    title: 'SSIM, published',
    about: 'luma at 224 × 224, uniform window of 51 (utils.py; Wang et al. 2004).',
    better: null,
    digits: 3,
  },
  ssimScaled: {
    title: 'SSIM, scaled',
    about: 'the window’s share of the picture kept, at the size that an edit works at.',
    better: null,
    digits: 3,
  },
  psnr: {
    title: 'PSNR, dB',
    about: 'over all channels at the size that an edit works at; equal pictures are left out.',
    better: null,
    digits: 2,
  },
  ess: {
    title: 'ESS',
    about:
      'difference of the Canny maps (200, 500) of luma at 224 × 224, in levels of 255 (EmoEditor’s first version).',
    better: 'less',
    digits: 2,
  },
  clipped: {
    title: 'clipping added, points',
    about: 'points of pixels that came to have a channel within a level of an end of its range.',
    better: 'less',
    digits: 2,
  },
  valence: {
    title: 'valence shift',
    about: 'edit less source by the second judge’s ridge on human ratings, 1 … 7: read its sign.',
    better: null,
    digits: 3,
  },
  arousal: {
    title: 'arousal shift',
    about: 'edit less source by the second judge’s kernel head, 1 … 7: read its sign.',
    better: null,
    digits: 3,
  },
  filterShare: {
    title: 'filter share',
    about:
      'share of the change that one table of colours explains which was fitted on the other photographs’ edits to that emotion: 1 for a filter.',
    better: 'less',
    digits: 2,
    middle: 'median',
  },
  facesRecoloured: {
    title: 'faces recoloured, %',
    about: 'faces whose mean chromaticity changed by more than a fifth; of photographs with faces.',
    better: 'less',
    digits: 1,
  },
  facesCrossed: {
    title: 'faces crossed, %',
    about: 'faces whose change no gain and offset of each channel explains to within 0.06.',
    better: 'less',
    digits: 1,
  },
};
