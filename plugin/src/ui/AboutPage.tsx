import type { ConnectionState } from '../client/companion.ts';
import type { HostInfo } from '../host/hostPort.ts';
import { Button } from './widgets/Button.tsx';

interface AboutPageProps {
  readonly info: HostInfo;
  readonly connection: ConnectionState;
  readonly onBack: () => void;
}

/** Versions of everything that takes part. */
export function AboutPage({ info, connection, onBack }: AboutPageProps) {
  const server = connection.kind === 'ready' ? connection.server : null;
  const lines = [
    `Panel ${info.pluginVersion}`,
    `${info.name} ${info.version}`,
    server === null ? 'No companion server' : `Companion server ${server.server.version}`,
    server === null ? '' : `${server.bundle.name} on ${server.provider.name}`,
  ].filter(Boolean);
  return (
    <div className="body">
      <div className="card-title">EmoEditor</div>
      {lines.map((line) => (
        <div key={line} className="card-text">
          {line}
        </div>
      ))}
      <div className="card-text">Your pictures never leave this machine.</div>
      <div className="page-actions">
        <Button label="Back" onPress={onBack} />
      </div>
    </div>
  );
}
