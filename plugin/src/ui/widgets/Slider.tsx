import { useEffect, useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';

interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly isDisabled?: boolean;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, min, max, step, value, isDisabled, onChange }: SliderProps) {
  const element = useRef<HTMLElement & { value?: unknown }>(null);
  const change = () => {
    const next = Number(element.current?.value);
    if (Number.isFinite(next)) onChange(Math.min(max, Math.max(min, Math.round(next))));
  };
  useNativeEvent(element, 'input', change);
  useNativeEvent(element, 'change', change);
  useEffect(() => {
    // The attribute only says where the slider starts.
    if (element.current !== null) element.current.value = value;
  }, [value]);
  return (
    <sp-slider
      ref={element}
      class="wide"
      min={min}
      max={max}
      step={step}
      value={value}
      show-value="false"
      {...(isDisabled ? { disabled: true } : {})}
      aria-label={label}
    />
  );
}
