import { useRef } from 'react';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1. */
  readonly fraction: number;
}

export function ProgressBar({ label, fraction }: ProgressBarProps) {
  const element = useRef<HTMLElement>(null);
  useWidgetProperties(element, { max: 100, value: Math.round(fraction * 100) });
  return (
    <sp-progressbar ref={element} class="wide" size="small" show-value="false" aria-label={label} />
  );
}
