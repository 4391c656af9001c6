import { useRef } from 'react';
import type { PanelPages } from '../session/panelPage.ts';
import type { PanelSession } from '../session/panelSession.ts';
import { isBusy } from '../session/panelState.ts';
import { AboutPage } from './AboutPage.tsx';
import { ActionBar } from './ActionBar.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { DiagnosticsPage } from './DiagnosticsPage.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import { LayerBody } from './LayerBody.tsx';
import { PlanBody } from './PlanBody.tsx';
import { PlanFoot } from './PlanFoot.tsx';
import { panelView } from './panelView.ts';
import { StatusBar } from './StatusBar.tsx';
import { usePage, usePanel, usePlan } from './usePanel.ts';
import { useNativeEvent } from './widgets/useNativeEvent.ts';

interface AppProps {
  readonly session: PanelSession;
  readonly pages: PanelPages;
}

/** The edit, or a page beside it. */
export function App({ session, pages }: AppProps) {
  const { connection } = usePanel(session);
  const page = usePage(pages);
  switch (page.kind) {
    case 'edit':
      return <EditPage session={session} />;
    case 'about':
      return (
        <div className="panel">
          <AboutPage
            info={session.hostInfo}
            connection={connection}
            onBack={() => pages.show('edit')}
          />
        </div>
      );
    case 'diagnostics':
      return (
        <div className="panel">
          <DiagnosticsPage page={page} pages={pages} />
        </div>
      );
  }
}

/** Layout only: what is shown is worked out in `panelView`, what is done lies in the session. */
function EditPage({ session }: Pick<AppProps, 'session'>) {
  const state = usePanel(session);
  const plan = usePlan(session);
  const { connection, active, choices, run, notice } = state;
  const view = panelView(state);
  const busy = isBusy(run) || plan.isRunning;
  const isReady = connection.kind === 'ready';
  const hasPlan = plan.rows.length > 0 && !isBusy(run);
  const panel = useRef<HTMLDivElement>(null);
  useNativeEvent(panel, 'keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape' && busy) session.cancel();
  });
  return (
    <div ref={panel} className="panel">
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
          <PlanBody session={session} plan={plan} choices={choices} />
        ) : (
          <LayerBody session={session} state={state} view={view} />
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
          onClose={() => session.clearPlan()}
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
