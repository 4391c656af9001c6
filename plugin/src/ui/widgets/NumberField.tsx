import { ValueField } from './ValueField.tsx';

interface NumberFieldProps {
  readonly name: string;
  /** What it is, for the mouse that rests on it and for screen readers. */
  readonly description: string;
  readonly unit: string;
  /** A whole number, 0 to `max`. */
  readonly value: number;
  readonly max: number;
  readonly isDisabled: boolean;
  readonly onChange: (value: number) => void;
}

/** A name, a whole number to click and change, and its unit. */
export function NumberField(props: NumberFieldProps) {
  const { name, description, unit, value, max, isDisabled, onChange } = props;
  const onInput = (typed: string) => {
    const number = Number(typed.replace(/\D/g, ''));
    if (number <= max) onChange(number);
  };
  return (
    <div className="number" title={description}>
      <div className="number-name">{name}</div>
      <ValueField
        label={`${name}, ${unit === '%' ? 'percent' : 'pixels'}`}
        value={String(value)}
        isDisabled={isDisabled}
        onInput={onInput}
      />
      <div className="number-unit">{unit}</div>
    </div>
  );
}
