import type { SelectionUse } from '../session/panelState.ts';
import { PickerLine } from './widgets/PickerLine.tsx';

interface SelectionPickerProps {
  readonly use: SelectionUse;
  readonly isDisabled: boolean;
  readonly onChoose: (use: SelectionUse) => void;
}

const OPTIONS = [
  { value: 'edit', label: 'Edit inside' },
  { value: 'keep', label: 'Protect inside' },
] as const;

/** What the selection is for: the region to change, or the subject to leave alone. */
export function SelectionPicker({ use, isDisabled, onChoose }: SelectionPickerProps) {
  return (
    <PickerLine
      name="Selection"
      label="Selection"
      options={OPTIONS}
      value={use}
      isDisabled={isDisabled}
      onChange={onChoose}
    />
  );
}
