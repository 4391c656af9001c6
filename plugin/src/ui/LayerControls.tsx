import type { OfferedInstruction } from '@emoeditor/shared';
import type { PanelSession } from '../session/panelSession.ts';
import { isBusy, type PanelState } from '../session/panelState.ts';
import type { PanelView } from './panelView.ts';
import { SceneInstructions } from './SceneInstructions.tsx';
import { ScenePicker } from './ScenePicker.tsx';
import { StrengthControl } from './StrengthControl.tsx';

interface LayerControlsProps {
  readonly session: PanelSession;
  readonly state: PanelState;
  readonly view: Pick<PanelView, 'viewed'>;
}

/** What is added to the scene, and how strong it and the light are. */
export function LayerControls({ session, state, view }: LayerControlsProps) {
  const { connection, active, choices, run } = state;
  const busy = isBusy(run);
  const offers = offersOf(connection);
  const own = offers.filter(({ emotion }) => emotion === choices.target);
  const hasScene = run.kind === 'ended' && view.viewed?.report.scene !== undefined;
  return (
    <>
      <ScenePicker
        offers={offers}
        target={choices.target}
        instruction={choices.instruction}
        isDisabled={busy}
        onChoose={(instruction) => session.choose({ instruction })}
      />
      {choices.instruction !== 'off' && (
        <SceneInstructions
          // The list of another emotion is closed again.
          key={choices.target}
          offers={own}
          banned={choices.banned}
          isDisabled={busy || active.kind !== 'editable'}
          onAnother={hasScene && own.length > 1 ? () => void session.evokeAnother() : null}
          onBan={(banned) => session.choose({ banned })}
        />
      )}
      <StrengthControl
        name="Intensity"
        value={choices.intensity}
        max={150}
        isDisabled={busy}
        onChange={(intensity) => session.choose({ intensity })}
      />
      {view.viewed?.report.scene && (
        <StrengthControl
          name="Elements"
          value={choices.elements}
          max={100}
          isDisabled={busy}
          onChange={(elements) => session.choose({ elements })}
        />
      )}
    </>
  );
}

const offersOf = (connection: PanelState['connection']): readonly OfferedInstruction[] =>
  connection.kind === 'ready' ? (connection.server.bundle.instructions ?? []) : [];
