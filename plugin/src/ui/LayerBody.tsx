import { resultsOfSource } from '../session/keptResults.ts';
import type { PanelSession } from '../session/panelSession.ts';
import { isBusy, type PanelState, resultOf } from '../session/panelState.ts';
import { EditPicker } from './EditPicker.tsx';
import { EmotionList } from './EmotionList.tsx';
import { FilmStrip } from './FilmStrip.tsx';
import { LayerControls } from './LayerControls.tsx';
import { LayerLine } from './LayerLine.tsx';
import { Preview } from './Preview.tsx';
import type { PanelView } from './panelView.ts';
import { SelectionControls } from './SelectionControls.tsx';

interface LayerBodyProps {
  readonly session: PanelSession;
  readonly state: PanelState;
  readonly view: PanelView;
}

/** The panel's body while one layer is edited. */
export function LayerBody({ session, state, view }: LayerBodyProps) {
  const { connection, active, reading, choices, run } = state;
  const busy = isBusy(run);
  const canRead = connection.kind === 'ready' && !busy;
  return (
    <>
      <LayerLine
        active={active}
        isReading={reading.kind === 'reading'}
        onReadAgain={canRead ? () => session.readAgain() : null}
      />
      {active.kind === 'editable' && active.layer.selection !== null && (
        <SelectionControls
          choices={choices}
          isDisabled={busy}
          onChoose={(changed) => session.choose(changed)}
        />
      )}
      {view.before && view.shape && (
        <Preview
          before={view.before}
          shape={view.shape}
          after={view.after ?? view.viewed?.picture ?? null}
          intensity={busy ? 100 : choices.intensity}
          isExact={view.after !== null}
          caption={view.viewed ? `Iteration ${view.viewed.report.index + 1}` : 'The layer'}
        />
      )}
      <EditPicker
        results={resultsOfSource(state)}
        shown={resultOf(run)?.jobId ?? null}
        isDisabled={busy}
        onChoose={(jobId) => session.showResult(jobId)}
      />
      {view.target && view.shape && view.frames.length > 0 && (
        <FilmStrip
          frames={view.frames}
          shape={view.shape}
          viewed={view.viewed}
          chosen={view.chosen}
          target={view.target}
          edited={view.edited}
          editedAt={view.editedAt}
          intensity={busy ? 100 : choices.intensity}
          outcome={view.outcome}
          onSelect={(index) => session.select(index)}
        />
      )}
      <EmotionList
        target={choices.target}
        source={view.source}
        edited={view.edited}
        onChoose={(target) => session.choose({ target })}
      />
      <LayerControls session={session} state={state} view={view} />
    </>
  );
}
