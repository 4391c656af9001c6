import type { Emotion, OfferedInstruction } from '@emoeditor/shared';
import { PickerLine } from './widgets/PickerLine.tsx';

interface ScenePickerProps {
  /** What the server can do to a scene, for all emotions. */
  readonly offers: readonly OfferedInstruction[];
  readonly target: Emotion;
  /** `auto`, `off`, or an instruction's id. */
  readonly instruction: string;
  readonly isDisabled: boolean;
  readonly onChoose: (instruction: string) => void;
}

const CHOICES = [
  { value: 'auto', label: 'Chosen for the picture' },
  { value: 'off', label: 'Light alone' },
];

/** What is added to the scene: chosen by the server, nothing, or one of the instructions for the emotion. */
export function ScenePicker(props: ScenePickerProps) {
  const { offers, target, instruction, isDisabled, onChoose } = props;
  const own = offers.filter(({ emotion }) => emotion === target);
  if (own.length === 0) return null;
  const options = [
    ...CHOICES,
    ...own.map(({ id, sentence }) => ({ value: id, label: sentenceCase(sentence) })),
  ];
  const isKnown = options.some(({ value }) => value === instruction);
  return (
    <PickerLine
      // The list of another emotion is another list: UXP's picker keeps its items.
      key={target}
      name="Scene"
      label="What is added to the scene"
      options={options}
      value={isKnown ? instruction : 'auto'}
      isDisabled={isDisabled}
      onChange={onChoose}
    />
  );
}

export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
