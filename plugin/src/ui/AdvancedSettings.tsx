import { useState } from 'react';
import { MAX_SEED } from '../session/choicesStore.ts';
import type { Choices } from '../session/panelState.ts';
import { PortPicker } from './PortPicker.tsx';
import { ActionButton } from './widgets/ActionButton.tsx';
import { Disclosure } from './widgets/Disclosure.tsx';
import { PickerLine } from './widgets/PickerLine.tsx';
import { ValueField } from './widgets/ValueField.tsx';
import { AI_NOTES, MODES, RESULTS, SOURCES } from './wording.ts';

interface AdvancedSettingsProps {
  readonly choices: Choices;
  readonly isDisabled: boolean;
  /** The only port to look at for the server; null when all are. */
  readonly port: number | null;
  readonly onChoosePort: (port: number | null) => void;
  readonly onChoose: (choices: Partial<Choices>) => void;
}

/** How the loop runs, for those who want to know. Closed until asked for. */
export function AdvancedSettings(props: AdvancedSettingsProps) {
  const { choices, isDisabled, port, onChoosePort, onChoose } = props;
  const [isOpen, setOpen] = useState(false);
  const onSeed = (typed: string) => {
    const seed = Number(typed.replace(/\D/g, ''));
    if (seed <= MAX_SEED) onChoose({ seed });
  };
  return (
    <div className="advanced">
      <Disclosure label="Advanced" isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
      {isOpen && (
        <div className="advanced-body">
          <PickerLine
            name="Loop"
            label="Rules of the loop"
            options={MODES}
            value={choices.mode}
            isDisabled={isDisabled}
            onChange={(mode) => onChoose({ mode })}
          />
          <div className="form-line">
            <div className="form-label">Seed</div>
            <ValueField
              label="Seed"
              value={String(choices.seed)}
              isDisabled={isDisabled}
              onInput={onSeed}
            />
            <ActionButton
              label="New"
              description="Another seed gives another variation"
              isDisabled={isDisabled}
              onPress={() => onChoose({ seed: Math.floor(Math.random() * MAX_SEED) })}
            />
          </div>
          <PickerLine
            name="Source"
            label="Source"
            options={SOURCES}
            value={choices.source}
            isDisabled={isDisabled}
            onChange={(source) => onChoose({ source })}
          />
          <PickerLine
            name="Result"
            label="Result"
            options={RESULTS}
            value={choices.result}
            isDisabled={isDisabled}
            onChange={(result) => onChoose({ result })}
          />
          <PickerLine
            name="AI note"
            label="Note that a model edited the picture"
            options={AI_NOTES}
            value={choices.aiNote}
            isDisabled={isDisabled}
            onChange={(aiNote) => onChoose({ aiNote })}
          />
          <PortPicker port={port} isDisabled={isDisabled} onChoose={onChoosePort} />
        </div>
      )}
    </div>
  );
}
