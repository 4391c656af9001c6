import type { ConnectionState } from '../client/companion.ts';
import { serverNote } from './serverNote.ts';

interface StatusBarProps {
  readonly connection: ConnectionState;
}

const WORDS: Readonly<Record<ConnectionState['kind'], string>> = {
  searching: 'Connecting…',
  absent: 'Server not running',
  pairing: 'Pairing needed',
  ready: 'Ready',
  refused: 'Server cannot serve',
  closed: 'Closed',
};

/** One quiet line: is the server there, and what does it run. */
export function StatusBar({ connection }: StatusBarProps) {
  const server = connection.kind === 'ready' ? connection.server : null;
  return (
    <div className="status" role="status">
      <div className={`status-dot status-${connection.kind}`} />
      <div className="status-text">{WORDS[connection.kind]}</div>
      {server && (
        <div className="status-model" title={serverNote(server)}>
          {server.bundle.name} · {server.provider.name}
        </div>
      )}
    </div>
  );
}
