import { useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface ButtonProps {
  readonly label: string;
  readonly variant?: 'cta' | 'primary' | 'secondary';
  readonly isDisabled?: boolean;
  /** What it does, where the label alone does not say. */
  readonly description?: string;
  readonly onPress: () => void;
}

export function Button({ label, variant, isDisabled = false, description, onPress }: ButtonProps) {
  const element = useRef<HTMLElement>(null);
  useNativeEvent(element, 'click', () => {
    if (!isDisabled) onPress();
  });
  useWidgetProperties(element, { disabled: isDisabled });
  return (
    <sp-button
      ref={element}
      class="wide"
      variant={variant ?? 'secondary'}
      aria-label={description ?? label}
      title={description}
    >
      {label}
    </sp-button>
  );
}
