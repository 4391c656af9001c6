import type { EditPlan } from '../session/editPlan.ts';
import type { PanelSession } from '../session/panelSession.ts';
import type { SelectionUse } from '../session/panelState.ts';
import { PlanTable } from './PlanTable.tsx';
import { SelectionPicker } from './SelectionPicker.tsx';

interface PlanBodyProps {
  readonly session: PanelSession;
  readonly plan: EditPlan;
  readonly selection: SelectionUse;
}

/** The panel's body while several layers are edited. */
export function PlanBody({ session, plan, selection }: PlanBodyProps) {
  return (
    <>
      <PlanTable
        plan={plan}
        onChooseRow={(key, change) => session.plan.chooseRow(key, change)}
        onChooseSettings={(settings) => session.plan.chooseSettings(settings)}
        onClear={() => session.clearPlan()}
      />
      {plan.rows.some(({ layer }) => layer?.selection) && (
        <SelectionPicker
          use={selection}
          isDisabled={plan.isRunning}
          onChoose={(use) => session.choose({ selection: use })}
        />
      )}
    </>
  );
}
