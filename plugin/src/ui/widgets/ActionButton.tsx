import { useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface ActionButtonProps {
  readonly label: string;
  readonly description?: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

/** A small, quiet button beside something. */
export function ActionButton(props: ActionButtonProps) {
  const { label, description, isDisabled = false, onPress } = props;
  const element = useRef<HTMLElement>(null);
  useNativeEvent(element, 'click', () => {
    if (!isDisabled) onPress();
  });
  useWidgetProperties(element, { disabled: isDisabled });
  return (
    <sp-action-button ref={element} quiet aria-label={description ?? label} title={description}>
      {label}
    </sp-action-button>
  );
}
