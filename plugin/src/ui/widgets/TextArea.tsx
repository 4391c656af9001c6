import { useLayoutEffect, useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  /** Called when the user leaves it. */
  readonly onDone: () => void;
}

/** Text to select and copy, with the keyboard in it: what is typed into it is put back. */
export function TextArea({ label, value, onDone }: TextAreaProps) {
  const element = useRef<HTMLElement>(null);
  useNativeEvent(element, 'blur', onDone);
  useNativeEvent(element, 'keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape') onDone();
  });
  useWidgetProperties(element, { value });
  useLayoutEffect(() => element.current?.focus(), []);
  return <sp-textarea ref={element} class="report" aria-label={label} />;
}
