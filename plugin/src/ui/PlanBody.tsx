import type { EditPlan } from '../session/editPlan.ts';
import type { PanelSession } from '../session/panelSession.ts';
import type { Choices } from '../session/panelState.ts';
import { PlanTable } from './PlanTable.tsx';
import { SelectionControls } from './SelectionControls.tsx';

interface PlanBodyProps {
  readonly session: PanelSession;
  readonly plan: EditPlan;
  readonly choices: Choices;
}

/** The panel's body while several layers are edited. */
export function PlanBody({ session, plan, choices }: PlanBodyProps) {
  return (
    <>
      <PlanTable
        plan={plan}
        onChooseRow={(key, change) => session.plan.chooseRow(key, change)}
        onChooseSettings={(settings) => session.plan.chooseSettings(settings)}
        onClear={() => session.clearPlan()}
      />
      {plan.rows.some(({ layer }) => layer?.selection) && (
        <SelectionControls
          choices={choices}
          isDisabled={plan.isRunning}
          onChoose={(changed) => session.choose(changed)}
        />
      )}
    </>
  );
}
