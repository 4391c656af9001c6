import { EMOTIONS, type EmotionVector } from '@emoeditor/shared';

const BAR = 24;
const bar = (share: number) => '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '·');
const percent = (share: number) => `${(share * 100).toFixed(0).padStart(3)} %`;

/** The predictor's reading before and after, one line per emotion; the target's line is marked. */
export function distributionLines(
  before: EmotionVector,
  after: EmotionVector,
  target: EmotionVector,
): string[] {
  const lines = EMOTIONS.map((emotion, index) => {
    const [was, is] = [before[index] ?? 0, after[index] ?? 0];
    const mark = (target[index] ?? 0) > 0 ? '▸' : ' ';
    return `${mark} ${emotion.padEnd(12)} ${percent(was)}  →  ${percent(is)}  ${bar(is)}`;
  });
  return [`  ${''.padEnd(12)} before     after`, ...lines];
}
