import { useEffect, useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';

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
  const { label, value, placeholder, isInvalid, isDisabled, onInput, onEnter } = props;
  const element = useRef<HTMLElement & { value?: unknown }>(null);
  useNativeEvent(element, 'input', () => onInput(String(element.current?.value ?? '')));
  useNativeEvent(element, 'keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Enter') onEnter?.();
  });
  useEffect(() => {
    const field = element.current;
    if (field !== null && field.value !== value) field.value = value;
  }, [value]);
  return (
    <sp-textfield
      ref={element}
      class="field"
      value={value}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(isInvalid ? { invalid: true } : {})}
      {...(isDisabled ? { disabled: true } : {})}
      aria-label={label}
    />
  );
}
