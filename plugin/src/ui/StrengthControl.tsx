import { Slider } from './widgets/Slider.tsx';

interface StrengthControlProps {
  readonly name: string;
  /** Percent, 0 to `max`. */
  readonly value: number;
  readonly max: number;
  readonly isDisabled: boolean;
  readonly onChange: (value: number) => void;
}

/** A strength in percent. */
export function StrengthControl({ name, value, max, isDisabled, onChange }: StrengthControlProps) {
  return (
    <div className="control">
      <div className="control-line">
        <div className="control-label">{name}</div>
        <div className="control-value">{value} %</div>
      </div>
      <Slider
        label={`${name} in percent`}
        min={0}
        max={max}
        step={5}
        value={value}
        isDisabled={isDisabled}
        onChange={onChange}
      />
    </div>
  );
}
