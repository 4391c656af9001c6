import { ActionButton } from './widgets/ActionButton.tsx';

interface ServerHelpProps {
  readonly onRetry: () => void;
}

/** What to do when no server answers. The panel goes on looking by itself. */
export function ServerHelp({ onRetry }: ServerHelpProps) {
  return (
    <div className="card">
      <div className="card-title">Start the companion server</div>
      <div className="card-text">
        EmoEditor works on this machine only. Open a terminal in its folder and run
      </div>
      <div className="code">npm start</div>
      <div className="card-text">
        The panel connects by itself, on ports 8765 to 8769. Your pictures never leave this machine.
      </div>
      <div className="card-actions">
        <ActionButton label="Look again" onPress={onRetry} />
      </div>
    </div>
  );
}
