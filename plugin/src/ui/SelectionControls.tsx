import { MAX_FEATHER, MAX_PADDING } from '../session/choicesStore.ts';
import type { SelectionChoices } from '../session/editRegion.ts';
import { NumberField } from './widgets/NumberField.tsx';
import { PickerLine } from './widgets/PickerLine.tsx';

interface SelectionControlsProps {
  readonly choices: SelectionChoices;
  readonly isDisabled: boolean;
  readonly onChoose: (choices: Partial<SelectionChoices>) => void;
}

const OPTIONS = [
  { value: 'edit', label: 'Edit inside' },
  { value: 'keep', label: 'Protect inside' },
] as const;

/** What the selection is for (the region to change, or the subject to leave alone), its edge and its surroundings. */
export function SelectionControls({ choices, isDisabled, onChoose }: SelectionControlsProps) {
  const { selection, feather, padding } = choices;
  return (
    <>
      <PickerLine
        name="Selection"
        label="Selection"
        options={OPTIONS}
        value={selection}
        isDisabled={isDisabled}
        onChange={(use) => onChoose({ selection: use })}
      />
      <div className="form-line form-pair">
        <NumberField
          name="Feather"
          description="Pixels over which the edge of the selection fades"
          unit="px"
          value={feather}
          max={MAX_FEATHER}
          isDisabled={isDisabled}
          onChange={(changed) => onChoose({ feather: changed })}
        />
        {selection === 'edit' && (
          <NumberField
            name="Context"
            description="What the model sees around the selection, in percent of its longer side"
            unit="%"
            value={padding}
            max={MAX_PADDING}
            isDisabled={isDisabled}
            onChange={(changed) => onChoose({ padding: changed })}
          />
        )}
      </div>
    </>
  );
}
