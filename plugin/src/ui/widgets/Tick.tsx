import { PASSED_OVER, TAKES_FOCUS } from './focus.ts';

interface TickProps {
  readonly label: string;
  readonly isOn: boolean;
  /** Drawn faint, and passed over by the keyboard. */
  readonly isAbsent?: boolean;
  readonly isDisabled: boolean;
  readonly onToggle: () => void;
}

/** A small box to tick: UXP's own takes more room than a row of 230 pixels has. */
export function Tick({ label, isOn, isAbsent = false, isDisabled, onToggle }: TickProps) {
  const canToggle = !isAbsent && !isDisabled;
  const toggle = () => {
    if (canToggle) onToggle();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP's checkbox takes more room than a row of 230 pixels has
    <div
      className={isAbsent ? 'tick tick-none' : 'tick'}
      role="checkbox"
      aria-checked={isOn}
      aria-disabled={!canToggle}
      aria-label={label}
      tabIndex={isAbsent ? PASSED_OVER : TAKES_FOCUS}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        toggle();
      }}
    >
      {isOn ? '✓' : ''}
    </div>
  );
}
