import { useState } from 'react';
import { TAKES_FOCUS } from './focus.ts';
import { TextField } from './TextField.tsx';

interface ValueFieldProps {
  readonly label: string;
  readonly value: string;
  readonly isDisabled?: boolean;
  /** Shown where there is no value yet. */
  readonly placeholder?: string;
  readonly isInvalid?: boolean;
  readonly onInput: (value: string) => void;
  readonly onEnter?: () => void;
}

/**
 * A value that becomes a field when it is clicked, for as long as it is typed into: UXP draws text fields above
 * everything else in the panel, also while it scrolls (known-issues.md, "User Interface").
 */
export function ValueField(props: ValueFieldProps) {
  const { isDisabled = false, ...field } = props;
  const [isTyping, setTyping] = useState(false);
  if (isTyping && !isDisabled) {
    return <TextField {...field} isFocused onDone={() => setTyping(false)} />;
  }
  const { label, value, placeholder = '', isInvalid = false } = field;
  const open = () => {
    if (!isDisabled) setTyping(true);
  };
  const look = [
    'value',
    isDisabled && 'value-disabled',
    isInvalid && 'value-invalid',
    value === '' && 'value-empty',
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP's buttons cannot be drawn as a plain value
    <div
      className={look.filter(Boolean).join(' ')}
      role="button"
      tabIndex={TAKES_FOCUS}
      title="Click to change"
      aria-label={`${label}: ${value === '' ? 'empty' : value}`}
      aria-disabled={isDisabled}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
    >
      {value === '' ? placeholder : value}
    </div>
  );
}
