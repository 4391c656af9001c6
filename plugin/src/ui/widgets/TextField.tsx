import { useLayoutEffect, useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isInvalid?: boolean;
  /** Takes the keyboard focus when it is mounted. */
  readonly isFocused?: boolean;
  readonly onInput: (value: string) => void;
  readonly onEnter?: () => void;
  /** Called when the user leaves it, by Enter and Escape too. */
  readonly onDone?: () => void;
}

export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, isInvalid = false, isFocused = false } = props;
  const element = useRef<HTMLElement & { value?: unknown }>(null);
  useNativeEvent(element, 'input', () => props.onInput(String(element.current?.value ?? '')));
  useNativeEvent(element, 'keydown', (event) => {
    const { key } = event as KeyboardEvent;
    if (key === 'Enter') props.onEnter?.();
    if (key === 'Enter' || key === 'Escape') props.onDone?.();
  });
  useNativeEvent(element, 'blur', () => props.onDone?.());
  useWidgetProperties(element, { value, invalid: isInvalid });
  useLayoutEffect(() => {
    if (isFocused) element.current?.focus();
  }, [isFocused]);
  return (
    <sp-textfield
      ref={element}
      class="field"
      {...(placeholder === undefined ? {} : { placeholder })}
      aria-label={label}
    />
  );
}
