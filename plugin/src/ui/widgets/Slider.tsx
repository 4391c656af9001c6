import { useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly isDisabled?: boolean;
  readonly onChange: (value: number) => void;
}

export function Slider(props: SliderProps) {
  const { label, min, max, step, value, isDisabled = false, onChange } = props;
  const element = useRef<HTMLElement & { value?: unknown }>(null);
  const change = () => {
    const moved = Number(element.current?.value);
    if (!Number.isFinite(moved)) return;
    // In steps from here, whatever the widget makes of its own `step`.
    const stepped = min + Math.round((moved - min) / step) * step;
    onChange(Math.min(max, Math.max(min, stepped)));
  };
  useNativeEvent(element, 'input', change);
  useNativeEvent(element, 'change', change);
  useWidgetProperties(element, { min, max, step, value, disabled: isDisabled });
  return <sp-slider ref={element} class="wide" show-value="false" aria-label={label} />;
}
