import { type EditPlan, isUnderWay, type PlanRow, type PlanSettings } from '../session/editPlan.ts';
import { PlanRowView } from './PlanRowView.tsx';
import { ActionButton } from './widgets/ActionButton.tsx';
import { PickerLine } from './widgets/PickerLine.tsx';

interface PlanTableProps {
  readonly plan: EditPlan;
  readonly onChooseRow: (
    key: string,
    change: Partial<Pick<PlanRow, 'target' | 'intensity' | 'isIncluded'>>,
  ) => void;
  readonly onChooseSettings: (settings: PlanSettings) => void;
  readonly onClear: () => void;
}

const STEPS = [
  { value: 'each', label: 'One each' },
  { value: 'one', label: 'One for all' },
] as const;

/** Several layers, each with its own emotion and intensity. */
export function PlanTable({ plan, onChooseRow, onChooseSettings, onClear }: PlanTableProps) {
  const { rows, settings, isRunning } = plan;
  return (
    <div className="plan">
      <div className="plan-head">
        <div className="plan-title">{rows.length} layers</div>
        {isUnderWay(plan) && (
          <ActionButton
            label="Clear"
            description="Begin a new plan; layers that were made stay"
            isDisabled={isRunning}
            onPress={onClear}
          />
        )}
      </div>
      <div className="plan-rows">
        {rows.map((row) => (
          <PlanRowView
            key={row.key}
            row={row}
            isDisabled={isRunning}
            onChoose={(change) => onChooseRow(row.key, change)}
          />
        ))}
      </div>
      <PickerLine
        name="History steps"
        label="History steps"
        options={STEPS}
        value={settings.steps}
        isDisabled={isRunning}
        onChange={(steps) => onChooseSettings({ ...settings, steps })}
      />
    </div>
  );
}
