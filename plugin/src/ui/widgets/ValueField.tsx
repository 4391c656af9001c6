import { useState } from 'react';
import { TAKES_FOCUS } from './focus.ts';
import { TextField } from './TextField.tsx';

interface ValueFieldProps {
  readonly label: string;
  readonly value: string;
  readonly isDisabled: boolean;
  readonly onInput: (value: string) => void;
}

/**
 * A value that becomes a field when it is clicked, for as long as it is typed into: UXP draws text fields above
 * everything else in the panel, also while it scrolls (known-issues.md, "User Interface").
 */
export function ValueField({ label, value, isDisabled, onInput }: ValueFieldProps) {
  const [isTyping, setTyping] = useState(false);
  if (isTyping && !isDisabled) {
    const done = () => setTyping(false);
    return <TextField label={label} value={value} isFocused onInput={onInput} onDone={done} />;
  }
  const open = () => {
    if (!isDisabled) setTyping(true);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP's buttons cannot be drawn as a plain value
    <div
      className={isDisabled ? 'value value-disabled' : 'value'}
      role="button"
      tabIndex={TAKES_FOCUS}
      title="Click to change"
      aria-label={`${label}: ${value}`}
      aria-disabled={isDisabled}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
    >
      {value}
    </div>
  );
}
