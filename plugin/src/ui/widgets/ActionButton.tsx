import { useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';

interface ActionButtonProps {
  readonly label: string;
  readonly description?: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

/** A small, quiet button beside something. */
export function ActionButton({ label, description, isDisabled, onPress }: ActionButtonProps) {
  const element = useRef<HTMLElement>(null);
  useNativeEvent(element, 'click', () => {
    if (!isDisabled) onPress();
  });
  return (
    <sp-action-button
      ref={element}
      quiet
      {...(isDisabled ? { disabled: true } : {})}
      aria-label={description ?? label}
      title={description}
    >
      {label}
    </sp-action-button>
  );
}
