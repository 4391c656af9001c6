import { useRef } from 'react';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
}

/** Text to select and copy: what is typed into it is put back. */
export function TextArea({ label, value }: TextAreaProps) {
  const element = useRef<HTMLElement>(null);
  useWidgetProperties(element, { value });
  return <sp-textarea ref={element} class="report" aria-label={label} />;
}
