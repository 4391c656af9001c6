import type { Run } from '../session/panelState.ts';
import { etaText, progressText, WAITING_TEXT } from '../session/progressText.ts';
import { Button } from './widgets/Button.tsx';
import { ProgressBar } from './widgets/ProgressBar.tsx';

interface RunProgressProps {
  readonly run: Extract<Run, { kind: 'capturing' | 'editing' | 'applying' }>;
  /** True while the server is away and the edit waits for it. */
  readonly isReconnecting: boolean;
  readonly onCancel: () => void;
}

/** Where the work stands, how long it will take, and the way out of it. */
export function RunProgress({ run, isReconnecting, onCancel }: RunProgressProps) {
  const { text, eta, fraction } = describe(run);
  const isCancelling = run.kind !== 'capturing' && run.isCancelling;
  const line = isCancelling ? 'Cancelling…' : isReconnecting ? 'Reconnecting…' : text;
  return (
    <div className="progress" role="status" aria-label={line}>
      <div className="progress-line">
        <div className="progress-text" title={line}>
          {line}
        </div>
        <div className="progress-eta">{isCancelling || isReconnecting ? '' : eta}</div>
      </div>
      <ProgressBar label={line} fraction={fraction} />
      <Button label="Cancel" isDisabled={isCancelling} onPress={onCancel} />
    </div>
  );
}

function describe(run: RunProgressProps['run']): { text: string; eta: string; fraction: number } {
  if (run.kind === 'capturing') return { text: 'Reading the layer', eta: '', fraction: 0 };
  if (run.kind === 'applying') {
    return {
      text: run.isWaiting
        ? WAITING_TEXT
        : `Applying · ${Math.round(run.fraction * 100)} % · Esc stops it`,
      eta: run.isWaiting ? '' : etaText(run.etaMs ?? undefined),
      fraction: run.fraction,
    };
  }
  const { job } = run;
  if (job.status === 'queued') {
    const text = job.position > 0 ? `Waiting · ${job.position} before it` : 'Starting';
    return { text, eta: '', fraction: 0 };
  }
  const progress = job.status === 'running' ? job.progress : null;
  if (progress === null) return { text: 'Starting', eta: '', fraction: 0 };
  return {
    text: progressText(progress),
    eta: etaText(progress.etaMs),
    fraction: progress.fraction,
  };
}
