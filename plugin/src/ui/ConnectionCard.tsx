import type { ConnectionState } from '../client/companion.ts';
import type { PanelSession } from '../session/panelSession.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { PairingForm } from './PairingForm.tsx';
import { ServerHelp } from './ServerHelp.tsx';

interface ConnectionCardProps {
  readonly connection: ConnectionState;
  readonly session: Pick<PanelSession, 'pair' | 'lookForServer' | 'port' | 'choosePort'>;
}

/** What the user has to do before the panel can work; nothing when there is nothing to do. */
export function ConnectionCard({ connection, session }: ConnectionCardProps) {
  const lookAgain = () => session.lookForServer();
  const choosePort = (port: number | null) => session.choosePort(port);
  switch (connection.kind) {
    case 'absent':
      return <ServerHelp port={session.port} onChoosePort={choosePort} onRetry={lookAgain} />;
    case 'pairing':
      return (
        <PairingForm
          isRejected={connection.isRejected}
          port={session.port}
          onChoosePort={choosePort}
          onPair={(code) => void session.pair(code)}
        />
      );
    case 'refused':
      return (
        <ErrorNotice
          message={connection.error.message}
          hint={connection.error.hint}
          onRetry={lookAgain}
          onDismiss={null}
        />
      );
    default:
      return null;
  }
}
