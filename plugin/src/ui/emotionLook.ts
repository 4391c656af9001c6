import type { Emotion } from '@emoeditor/shared';

/** One colour an emotion, of like weight on Photoshop's darkest and lightest grey. */
const COLOURS: Readonly<Record<Emotion, string>> = {
  amusement: '#d99a2b',
  anger: '#cf4f42',
  awe: '#5f86dd',
  contentment: '#57a273',
  disgust: '#8d9637',
  excitement: '#dd6b35',
  fear: '#8067bd',
  sadness: '#4f8aa6',
};

export function emotionColour(emotion: Emotion): string {
  return COLOURS[emotion];
}

export function emotionTitle(emotion: Emotion): string {
  return emotion.charAt(0).toUpperCase() + emotion.slice(1);
}

/** `71 %`; what is there but rounds to nothing reads `<1 %`. */
export function percent(fraction: number): string {
  const value = Math.round(fraction * 100);
  return value === 0 && fraction > 0.0005 ? '<1 %' : `${value} %`;
}
