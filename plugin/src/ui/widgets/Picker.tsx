import { useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';

export interface PickerProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly isDisabled?: boolean;
  readonly onChange: (value: Value) => void;
}

export function Picker<Value extends string>(props: PickerProps<Value>) {
  const { label, options, value, isDisabled, onChange } = props;
  const element = useRef<HTMLElement & { selectedIndex?: number }>(null);
  useNativeEvent(element, 'change', () => {
    const chosen = options[element.current?.selectedIndex ?? -1];
    if (chosen !== undefined) onChange(chosen.value);
  });
  return (
    <sp-picker
      ref={element}
      class="field"
      {...(isDisabled ? { disabled: true } : {})}
      aria-label={label}
    >
      <sp-menu slot="options">
        {options.map((option) => (
          <sp-menu-item
            key={option.value}
            value={option.value}
            {...(option.value === value ? { selected: true } : {})}
          >
            {option.label}
          </sp-menu-item>
        ))}
      </sp-menu>
    </sp-picker>
  );
}
