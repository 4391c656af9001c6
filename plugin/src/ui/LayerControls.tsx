import type { OfferedInstruction } from '@emoeditor/shared';
import type { PanelSession } from '../session/panelSession.ts';
import { isBusy, type PanelState } from '../session/panelState.ts';
import type { PanelView } from './panelView.ts';
import { ScenePicker } from './ScenePicker.tsx';
import { StrengthControl } from './StrengthControl.tsx';

interface LayerControlsProps {
  readonly session: PanelSession;
  readonly state: PanelState;
  readonly view: Pick<PanelView, 'viewed'>;
}

/** What is added to the scene, and how strong it and the light are. */
export function LayerControls({ session, state, view }: LayerControlsProps) {
  const { connection, choices, run } = state;
  const busy = isBusy(run);
  return (
    <>
      <ScenePicker
        offers={offersOf(connection)}
        target={choices.target}
        instruction={choices.instruction}
        isDisabled={busy}
        onChoose={(instruction) => session.choose({ instruction })}
      />
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
