import { Slider } from './widgets/Slider.tsx';

interface IntensityControlProps {
  /** Percent, 0 to 150. */
  readonly intensity: number;
  readonly isDisabled: boolean;
  readonly onChange: (intensity: number) => void;
}

export function IntensityControl({ intensity, isDisabled, onChange }: IntensityControlProps) {
  return (
    <div className="control">
      <div className="control-line">
        <div className="control-label">Intensity</div>
        <div className="control-value">{intensity} %</div>
      </div>
      <Slider
        label="Intensity in percent"
        min={0}
        max={150}
        step={5}
        value={intensity}
        isDisabled={isDisabled}
        onChange={onChange}
      />
    </div>
  );
}
