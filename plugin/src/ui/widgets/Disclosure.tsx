import { TAKES_FOCUS } from './focus.ts';

interface DisclosureProps {
  readonly label: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** A line that opens and closes what is below it. */
export function Disclosure({ label, isOpen, onToggle }: DisclosureProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP's buttons cannot be drawn as a plain line
    <div
      className="disclosure"
      role="button"
      tabIndex={TAKES_FOCUS}
      aria-expanded={isOpen}
      // The focus ring is for keyboard users, not for those who click.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onToggle}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onToggle();
      }}
    >
      <div className="disclosure-arrow">{isOpen ? '▾' : '▸'}</div>
      <div>{label}</div>
    </div>
  );
}
