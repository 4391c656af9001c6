import type { SelectionUse } from '../session/panelState.ts';
import { Picker } from './widgets/Picker.tsx';

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
    <div className="form-line">
      <div className="form-label-long">Selection</div>
      <Picker
        label="Selection"
        options={OPTIONS}
        value={use}
        isDisabled={isDisabled}
        onChange={onChoose}
      />
    </div>
  );
}
