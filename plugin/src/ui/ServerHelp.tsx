import { SERVER_PORTS } from '@emoeditor/shared';
import { PortPicker } from './PortPicker.tsx';
import { ActionButton } from './widgets/ActionButton.tsx';

interface ServerHelpProps {
  readonly port: number | null;
  /** Null while an edit waits for the server that it was sent to. */
  readonly onChoosePort: ((port: number | null) => void) | null;
  readonly onRetry: () => void;
}

const ALL_PORTS = `ports ${SERVER_PORTS[0]} to ${SERVER_PORTS[SERVER_PORTS.length - 1]}`;

/** What to do when no server answers. The panel goes on looking by itself. */
export function ServerHelp({ port, onChoosePort, onRetry }: ServerHelpProps) {
  return (
    <div className="card">
      <div className="card-title">Start the companion server</div>
      <div className="card-text">
        EmoEditor works on this machine only. Open a terminal in its folder and run
      </div>
      <div className="code">{port === null ? 'npm start' : `npm start -- --port ${port}`}</div>
      <div className="card-text">
        {`The panel looks on ${port === null ? ALL_PORTS : `port ${port}`} and connects by itself. Your pictures never leave this machine.`}
      </div>
      {onChoosePort !== null && <PortPicker port={port} onChoose={onChoosePort} />}
      <div className="card-actions">
        <ActionButton label="Look again" onPress={onRetry} />
      </div>
    </div>
  );
}
