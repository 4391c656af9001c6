import type { Command } from 'commander';
import { type Credentials, type CredentialsKind, readCredentials } from '../cluster/credentials.ts';
import { UsageError } from './usageError.ts';

/** Options of every command that connects to a NATS server. */
export function clusterOptions(command: Command): Command {
  return command
    .option('--nats <url>', 'address of the NATS server, e.g. nats://127.0.0.1:4222')
    .option('--credentials <file>', 'what “emoeditor cluster init” wrote; needed off this machine');
}

/**
 * Where to connect, and as whom.
 * @throws UsageError without an address; ClusterError BAD_CREDENTIALS
 */
export async function clusterAddress<Kind extends CredentialsKind>(
  kind: Kind,
  nats: string | undefined,
  file: string | undefined,
): Promise<{ readonly url: string; readonly credentials: Credentials<Kind> | null }> {
  const credentials = file === undefined ? null : await readCredentials(file, kind);
  const url = nats ?? credentials?.server;
  if (url === undefined) throw noAddress();
  return { url, credentials };
}

const noAddress = () =>
  new UsageError(
    'Expected the address of a NATS server but received none.',
    'Give --nats nats://127.0.0.1:4222 on one machine, or --credentials <file> for a cluster.',
  );
