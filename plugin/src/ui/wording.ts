import type { Emotion, IeiMode, IterationReport } from '@emoeditor/shared';

/** Why the loop accepted an iteration or went on. */
export function verdictText({ verdict }: IterationReport, target: Emotion): string {
  switch (verdict) {
    case 'accepted':
      return 'Accepted';
    case 'ssimTooLow':
      return 'Too different';
    case 'ssimTooHigh':
      return 'Too similar';
    case 'confidenceTooLow':
      return `Not enough ${target}`;
    case 'notRisen':
      return `No more ${target} than before`;
  }
}

export const RESULTS = [
  { value: 'layer', label: 'One layer' },
  { value: 'group', label: 'Grade and content' },
  { value: 'smartObject', label: 'Smart object' },
] as const;

export const SOURCES = [
  { value: 'layer', label: 'Active layer' },
  { value: 'visible', label: 'What is visible' },
] as const;

export const MODES: readonly { readonly value: IeiMode; readonly label: string }[] = [
  { value: 'fast', label: 'Fast' },
  { value: 'paper', label: 'As published' },
  { value: 'official', label: 'As the authors’ code' },
];
