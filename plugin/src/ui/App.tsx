import type { PanelSession } from '../session/panelSession.ts';
import { isBusy } from '../session/panelState.ts';
import { ActionBar } from './ActionBar.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import { LayerEdit } from './LayerEdit.tsx';
import { PlanEdit } from './PlanEdit.tsx';
import { PlanFoot } from './PlanFoot.tsx';
import { panelView } from './panelView.ts';
import { StatusBar } from './StatusBar.tsx';
import { usePanel, usePlan } from './usePanel.ts';

interface AppProps {
  readonly session: PanelSession;
}

/** Layout only: what is shown is worked out in `panelView`, what is done lies in the session. */
export function App({ session }: AppProps) {
  const state = usePanel(session);
  const plan = usePlan(session);
  const { connection, active, choices, run, notice } = state;
  const view = panelView(state);
  const busy = isBusy(run) || plan.isRunning;
  const isReady = connection.kind === 'ready';
  const hasPlan = plan.rows.length > 0 && !isBusy(run);
  return (
    <div className="panel">
      <StatusBar connection={connection} />
      <div className="body">
        {notice && (
          <ErrorNotice
            message={notice.error.message}
            hint={notice.error.hint}
            onRetry={notice.retry === null ? null : () => void session.retry()}
            onDismiss={() => session.dismissNotice()}
          />
        )}
        <ConnectionCard connection={connection} isBusy={busy} session={session} />
        {hasPlan ? (
          <PlanEdit session={session} plan={plan} selection={choices.selection} />
        ) : (
          <LayerEdit session={session} state={state} view={view} />
        )}
        <AdvancedSettings
          choices={choices}
          isDisabled={busy}
          port={session.port}
          onChoosePort={(port) => session.choosePort(port)}
          onChoose={(changed) => session.choose(changed)}
        />
      </div>
      {hasPlan ? (
        <PlanFoot
          plan={plan}
          isReady={isReady}
          onRun={() => void session.runPlan()}
          onCancel={() => session.cancel()}
        />
      ) : (
        <ActionBar
          run={run}
          target={choices.target}
          canEvoke={isReady && active.kind === 'editable'}
          canApply={view.canApply}
          applied={view.applied}
          isReconnecting={!isReady}
          onEvoke={() => void session.evoke()}
          onApply={() => void session.apply()}
          onCancel={() => session.cancel()}
        />
      )}
    </div>
  );
}
