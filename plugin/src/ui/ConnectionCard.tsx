import type { ConnectionState } from '../client/companion.ts';
import type { PanelSession } from '../session/panelSession.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { PairingForm } from './PairingForm.tsx';
import { ServerHelp } from './ServerHelp.tsx';

interface ConnectionCardProps {
  readonly connection: ConnectionState;
  /** An edit waits for the server: then nothing is asked for, but how to start one is still said. */
  readonly isBusy: boolean;
  readonly session: Pick<PanelSession, 'pair' | 'lookForServer' | 'port' | 'choosePort'>;
}

/** What the user has to do before the panel can work; nothing when there is nothing to do. */
export function ConnectionCard({ connection, isBusy, session }: ConnectionCardProps) {
  const lookAgain = () => session.lookForServer();
  const choosePort = (port: number | null) => session.choosePort(port);
  if (isBusy && connection.kind !== 'absent') return null;
  switch (connection.kind) {
    case 'absent':
      return (
        <ServerHelp
          port={session.port}
          onChoosePort={isBusy ? null : choosePort}
          onRetry={lookAgain}
        />
      );
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
