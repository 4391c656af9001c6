import { useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isInvalid?: boolean;
  readonly isDisabled?: boolean;
  readonly onInput: (value: string) => void;
  readonly onEnter?: () => void;
}

export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, isInvalid = false, isDisabled = false } = props;
  const element = useRef<HTMLElement & { value?: unknown }>(null);
  useNativeEvent(element, 'input', () => props.onInput(String(element.current?.value ?? '')));
  useNativeEvent(element, 'keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Enter') props.onEnter?.();
  });
  useWidgetProperties(element, { value, invalid: isInvalid, disabled: isDisabled });
  return (
    <sp-textfield
      ref={element}
      class="field"
      {...(placeholder === undefined ? {} : { placeholder })}
      aria-label={label}
    />
  );
}
