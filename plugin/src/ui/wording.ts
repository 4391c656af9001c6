import type { Emotion, IeiMode, IterationReport, Progress, Stage } from '@emoeditor/shared';

const STAGES: Readonly<Record<Stage, string>> = {
  queued: 'Waiting',
  encode: 'Reading the picture',
  predict: 'Reading the emotion',
  denoise: 'Painting',
  decode: 'Developing',
  score: 'Judging',
  composite: 'Applying',
};

/** `Painting · iteration 2 of 6 · step 3 of 8`. */
export function progressText({ stage, iteration, maxIterations, step, steps }: Progress): string {
  const parts = [STAGES[stage]];
  if (stage !== 'queued' && maxIterations > 0) {
    parts.push(`iteration ${Math.min(iteration + 1, maxIterations)} of ${maxIterations}`);
  }
  if (stage === 'denoise' && steps > 0) parts.push(`step ${Math.min(step, steps)} of ${steps}`);
  return parts.join(' · ');
}

/** `≈ 12 s`, `≈ 2 min`; empty until something was measured. */
export function etaText(etaMs: number | undefined): string {
  if (etaMs === undefined) return '';
  const seconds = Math.max(1, Math.round(etaMs / 1000));
  return seconds < 90 ? `≈ ${seconds} s` : `≈ ${Math.round(seconds / 60)} min`;
}

/** Why the loop accepted an iteration or went on. */
export function verdictText({ verdict }: IterationReport, target: Emotion): string {
  switch (verdict) {
    case 'accepted':
      return 'Accepted';
    case 'ssimTooLow':
      return 'Too far from the source';
    case 'ssimTooHigh':
      return 'Too close to the source';
    case 'confidenceTooLow':
      return `Not enough ${target}`;
  }
}

export const MODES: readonly { readonly value: IeiMode; readonly label: string }[] = [
  { value: 'fast', label: 'Fast' },
  { value: 'paper', label: 'As published' },
  { value: 'official', label: 'As the authors’ code' },
];
