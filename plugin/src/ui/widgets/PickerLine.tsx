import { Picker, type PickerProps } from './Picker.tsx';

interface PickerLineProps<Value extends string> extends PickerProps<Value> {
  /** What is read beside it; `label` is what a screen reader says. */
  readonly name: string;
}

/** A picker with its name beside it. */
export function PickerLine<Value extends string>({ name, ...picker }: PickerLineProps<Value>) {
  return (
    <div className="form-line">
      <div className="form-label">{name}</div>
      <Picker {...picker} />
    </div>
  );
}
