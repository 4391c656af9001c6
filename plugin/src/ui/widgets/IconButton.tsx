import { TAKES_FOCUS } from './focus.ts';

interface IconButtonProps {
  /** What it does, as the drawing does not say. */
  readonly description: string;
  /** SVG path in an 18 × 18 box. */
  readonly path: string;
  readonly isDisabled: boolean;
  readonly onPress: () => void;
}

/** A drawing to press. */
export function IconButton({ description, path, isDisabled, onPress }: IconButtonProps) {
  const press = () => {
    if (!isDisabled) onPress();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP's button elements cannot be drawn as an icon alone
    <div
      className={isDisabled ? 'icon icon-disabled' : 'icon'}
      role="button"
      tabIndex={TAKES_FOCUS}
      title={description}
      aria-label={description}
      aria-disabled={isDisabled}
      onClick={press}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') press();
      }}
    >
      <svg className="icon-drawing" viewBox="0 0 18 18" aria-hidden="true">
        <path d={path} />
      </svg>
    </div>
  );
}
