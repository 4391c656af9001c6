import type { Result } from '../session/panelState.ts';
import { emotionTitle } from './emotionLook.ts';
import { PickerLine } from './widgets/PickerLine.tsx';

interface EditPickerProps {
  /** Of the active layer's source, in the order in which they were made. */
  readonly results: readonly Result[];
  /** Job of the one that is shown. */
  readonly shown: string | null;
  readonly isDisabled: boolean;
  readonly onChoose: (jobId: string) => void;
}

/** Which of a layer's edits is looked at; nothing while there is but one. */
export function EditPicker({ results, shown, isDisabled, onChoose }: EditPickerProps) {
  if (results.length < 2 || shown === null) return null;
  const options = results.map(({ jobId, subject, applied, number }) => ({
    value: jobId,
    label: `${number} · ${emotionTitle(subject.target)} · seed ${subject.seed}${applied === null ? '' : ' ✓'}`,
  }));
  return (
    <PickerLine
      // Another list of edits is another picker: UXP's keeps its items.
      key={options.map(({ label }) => label).join()}
      name="Edit"
      label="Which edit of this layer is shown"
      options={options}
      value={shown}
      isDisabled={isDisabled}
      onChange={onChoose}
    />
  );
}
