import type { PanelSession } from '../session/panelSession.ts';
import { isBusy } from '../session/panelState.ts';
import { ActionBar } from './ActionBar.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { EmotionList } from './EmotionList.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import { FilmStrip } from './FilmStrip.tsx';
import { IntensityControl } from './IntensityControl.tsx';
import { LayerLine } from './LayerLine.tsx';
import { Preview } from './Preview.tsx';
import { panelView } from './panelView.ts';
import { StatusBar } from './StatusBar.tsx';
import { usePanel } from './usePanel.ts';

interface AppProps {
  readonly session: PanelSession;
}

/** Layout only: what is shown is worked out in `panelView`, what is done lies in the session. */
export function App({ session }: AppProps) {
  const state = usePanel(session);
  const { connection, active, reading, choices, run, notice } = state;
  const view = panelView(state);
  const busy = isBusy(run);
  const isReady = connection.kind === 'ready';
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
        {!busy && <ConnectionCard connection={connection} session={session} />}
        <LayerLine
          active={active}
          isReading={reading.kind === 'reading'}
          onReadAgain={isReady && !busy ? () => session.readAgain() : null}
        />
        {view.before && (
          <Preview
            before={view.before}
            after={view.viewed?.picture ?? null}
            intensity={busy ? 100 : choices.intensity}
            caption={view.viewed ? `Iteration ${view.viewed.report.index + 1}` : 'The layer'}
          />
        )}
        {view.target && view.frames.length > 0 && (
          <FilmStrip
            frames={view.frames}
            viewed={view.viewed}
            chosen={view.chosen}
            target={view.target}
            onSelect={(index) => session.select(index)}
          />
        )}
        <EmotionList
          target={choices.target}
          source={view.source}
          edited={view.edited}
          onChoose={(target) => session.choose({ target })}
        />
        <IntensityControl
          intensity={choices.intensity}
          isDisabled={busy}
          onChange={(intensity) => session.choose({ intensity })}
        />
        <AdvancedSettings
          choices={choices}
          isDisabled={busy}
          onChoose={(changed) => session.choose(changed)}
        />
      </div>
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
    </div>
  );
}
