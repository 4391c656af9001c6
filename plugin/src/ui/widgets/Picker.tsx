import { useLayoutEffect, useRef } from 'react';
import { useNativeEvent } from './useNativeEvent.ts';
import { useWidgetProperties } from './useWidgetProperties.ts';

export interface PickerProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly isDisabled?: boolean;
  readonly onChange: (value: Value) => void;
}

export function Picker<Value extends string>(props: PickerProps<Value>) {
  const { label, options, value, isDisabled = false, onChange } = props;
  const element = useRef<HTMLElement & { selectedIndex?: number }>(null);
  useNativeEvent(element, 'change', () => {
    const chosen = options[element.current?.selectedIndex ?? -1];
    if (chosen !== undefined) onChange(chosen.value);
  });
  const selectedIndex = options.findIndex((option) => option.value === value);
  useLayoutEffect(() => {
    const items = Array.from(element.current?.querySelectorAll('sp-menu-item') ?? []);
    for (const [at, item] of items.entries()) {
      (item as HTMLElement & { selected?: boolean }).selected = at === selectedIndex;
    }
  }, [selectedIndex]);
  useWidgetProperties(element, { selectedIndex, disabled: isDisabled });
  return (
    <sp-picker ref={element} class="field" aria-label={label}>
      <sp-menu slot="options">
        {options.map((option) => (
          <sp-menu-item key={option.value} value={option.value}>
            {option.label}
          </sp-menu-item>
        ))}
      </sp-menu>
    </sp-picker>
  );
}
