import type { EditPlan } from '../session/editPlan.ts';
import { planProgress } from './planProgress.ts';
import { Button } from './widgets/Button.tsx';
import { ProgressBar } from './widgets/ProgressBar.tsx';

interface PlanFootProps {
  readonly plan: EditPlan;
  readonly isReady: boolean;
  readonly onRun: () => void;
  /** Ends a plan that is done. */
  readonly onClose: () => void;
  readonly onCancel: () => void;
}

/** The panel's foot while several layers are selected. */
export function PlanFoot({ plan, isReady, onRun, onClose, onCancel }: PlanFootProps) {
  const { label, canRun, isDone, line, eta, fraction } = planProgress(plan);
  if (plan.isRunning) {
    const text = plan.isCancelling ? 'Cancelling…' : isReady ? line : 'Reconnecting…';
    return (
      <div className="foot">
        <div className="progress" role="status" aria-label={text}>
          <div className="progress-line">
            <div className="progress-text" title={text}>
              {text}
            </div>
            <div className="progress-eta">{text === line ? eta : ''}</div>
          </div>
          <ProgressBar label={text} fraction={fraction} />
          <Button label="Cancel" isDisabled={plan.isCancelling} onPress={onCancel} />
        </div>
      </div>
    );
  }
  return (
    <div className="foot">
      {line !== '' && <div className="foot-note">{line}</div>}
      {isDone ? (
        <Button label={label} variant="cta" onPress={onClose} />
      ) : (
        <Button label={label} variant="cta" isDisabled={!isReady || !canRun} onPress={onRun} />
      )}
    </div>
  );
}
