import type { Progress, Stage } from '@emoeditor/shared';

const STAGES: Readonly<Record<Stage, string>> = {
  queued: 'Waiting',
  encode: 'Reading the picture',
  predict: 'Reading the emotion',
  denoise: 'Painting',
  decode: 'Developing',
  score: 'Judging',
  composite: 'Applying',
};

/** Stages that come once per iteration. */
const IN_LOOP: readonly Stage[] = ['denoise', 'decode', 'score'];

/** `Painting 2 of 6 · step 3 of 8`; fits into the narrowest panel. */
export function progressText({ stage, iteration, maxIterations, step, steps }: Progress): string {
  if (!IN_LOOP.includes(stage) || maxIterations === 0) return STAGES[stage];
  const line = `${STAGES[stage]} ${Math.min(iteration + 1, maxIterations)} of ${maxIterations}`;
  return stage === 'denoise' && steps > 0
    ? `${line} · step ${Math.min(Math.max(1, step), steps)} of ${steps}`
    : line;
}

/** `≈ 12 s`, `≈ 2 min`; empty until something was measured. */
export function etaText(etaMs: number | undefined): string {
  if (etaMs === undefined) return '';
  const seconds = Math.max(1, Math.round(etaMs / 1000));
  return seconds < 90 ? `≈ ${seconds} s` : `≈ ${Math.round(seconds / 60)} min`;
}

/** Both in one line, for Photoshop's own progress bar. */
export function progressLine(progress: Progress): string {
  return [progressText(progress), etaText(progress.etaMs)].filter(Boolean).join(' · ');
}

/** While a dialog or a tool of Photoshop's keeps a result from being written. */
export const WAITING_TEXT = 'Waiting for Photoshop’s dialog or tool';
