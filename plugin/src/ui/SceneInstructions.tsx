import type { OfferedInstruction } from '@emoeditor/shared';
import { useState } from 'react';
import { sentenceCase } from './ScenePicker.tsx';
import { ActionButton } from './widgets/ActionButton.tsx';
import { Disclosure } from './widgets/Disclosure.tsx';
import { Tick } from './widgets/Tick.tsx';

interface SceneInstructionsProps {
  /** What the server can do to a scene for the chosen emotion. */
  readonly offers: readonly OfferedInstruction[];
  /** Ids of those that are switched off. */
  readonly banned: readonly string[];
  readonly isDisabled: boolean;
  /** Runs the edit again with another of them; null while there is no edit that has one. */
  readonly onAnother: (() => void) | null;
  readonly onBan: (banned: readonly string[]) => void;
}

/** Which instructions the server may choose from, and the wish for another than the one it chose. */
export function SceneInstructions(props: SceneInstructionsProps) {
  const { offers, banned, isDisabled, onAnother, onBan } = props;
  const [isOpen, setOpen] = useState(false);
  if (offers.length === 0) return null;
  const on = offers.filter(({ id }) => !banned.includes(id));
  const toggle = (id: string) =>
    onBan(banned.includes(id) ? banned.filter((one) => one !== id) : [...banned, id]);
  return (
    <div className="scenes">
      <div className="scenes-line">
        <Disclosure
          label={`${on.length} of ${offers.length} scenes`}
          isOpen={isOpen}
          onToggle={() => setOpen(!isOpen)}
        />
        {onAnother && (
          <ActionButton
            label="Another"
            description="Runs the edit again with another scene than before"
            isDisabled={isDisabled}
            onPress={onAnother}
          />
        )}
      </div>
      {isOpen &&
        offers.map(({ id, sentence }) => (
          <div key={id} className="scene">
            <Tick
              label={sentenceCase(sentence)}
              isOn={!banned.includes(id)}
              isDisabled={isDisabled}
              onToggle={() => toggle(id)}
            />
            <div
              className="scene-sentence"
              aria-hidden="true"
              onClick={() => {
                if (!isDisabled) toggle(id);
              }}
            >
              {sentenceCase(sentence)}
            </div>
          </div>
        ))}
    </div>
  );
}
