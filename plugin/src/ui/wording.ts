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

/** Short name of what an iteration adds to the scene: `Grey fog`; null for the light alone. */
export function sceneName({ scene }: IterationReport): string | null {
  if (scene === undefined) return null;
  const name = (scene.plan.instruction ?? '').replace(/^.*\//, '').replace(/-/g, ' ');
  return name === '' ? 'Own plan' : name.charAt(0).toUpperCase() + name.slice(1);
}

export const RESULTS = [
  { value: 'layer', label: 'One layer' },
  { value: 'group', label: 'Group of layers' },
  { value: 'smartObject', label: 'Smart object' },
] as const;

export const AI_NOTES = [
  { value: 'on', label: 'In the metadata' },
  { value: 'off', label: 'None' },
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
