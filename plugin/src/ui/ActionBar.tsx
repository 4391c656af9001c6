import type { Emotion } from '@emoeditor/shared';
import { useRef } from 'react';
import { isBusy, type Run } from '../session/panelState.ts';
import { emotionTitle } from './emotionLook.ts';
import { RunProgress } from './RunProgress.tsx';
import { Button } from './widgets/Button.tsx';
import { useKeptFocus } from './widgets/useKeptFocus.ts';

interface ActionBarProps {
  readonly run: Run;
  readonly target: Emotion;
  readonly canEvoke: boolean;
  readonly canApply: boolean;
  /** Name of the layer that shows the result; null while there is none. */
  readonly applied: string | null;
  readonly isReconnecting: boolean;
  readonly onEvoke: () => void;
  readonly onApply: () => void;
  readonly onCancel: () => void;
}

/** The panel's foot: the one thing to do next, always in the same place. */
export function ActionBar(props: ActionBarProps) {
  const { run, target, canEvoke, canApply, applied, isReconnecting } = props;
  const foot = useRef<HTMLDivElement>(null);
  const pressed = useKeptFocus(foot, isBusy(run));
  if (run.kind === 'capturing' || run.kind === 'editing' || run.kind === 'applying') {
    return (
      <div ref={foot} className="foot">
        <RunProgress run={run} isReconnecting={isReconnecting} onCancel={pressed(props.onCancel)} />
      </div>
    );
  }
  return (
    <div ref={foot} className="foot">
      {applied && !canApply && <div className="foot-note">✓ “{applied}” is in the document</div>}
      {canApply && (
        <Button
          label={applied ? 'Update layer' : 'Apply as layer'}
          variant="cta"
          isDisabled={isReconnecting}
          onPress={pressed(props.onApply)}
        />
      )}
      <Button
        label={`Evoke ${emotionTitle(target)}`}
        variant={canApply ? 'secondary' : 'cta'}
        isDisabled={!canEvoke}
        onPress={pressed(props.onEvoke)}
      />
    </div>
  );
}
