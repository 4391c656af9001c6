import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { messageOf } from '../errors.ts';
import { type Log, SILENT } from '../log.ts';
import { ClusterError } from './clusterError.ts';

/** A connection to the NATS server of a cluster. */
export interface ClusterLink {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Prefix of the subjects at which answers arrive; the only ones that this user may listen at. */
  readonly inbox: string | undefined;
  readonly log: Log;
  close(): Promise<void>;
}

export interface LinkOptions {
  /** `nats://host:port` or `tls://host:port`. */
  readonly url: string;
  /** Shown by the server's own tools. */
  readonly name: string;
  /** Seed of the user's NKey; none where the server asks for none. */
  readonly seed?: string | undefined;
  readonly inbox?: string | undefined;
  /** The studio's certificate authority, PEM. Off this machine it is needed. */
  readonly ca?: string | undefined;
  readonly log?: Log;
}

/** Oldest server whose streams do what is asked of them. */
const OLDEST = [2, 9] as const;
/** First releases without the published advisories on JetStream between accounts, by minor version. */
const SAFE: ReadonlyMap<number, number> = new Map([
  [11, 15],
  [12, 6],
]);
const NEWEST_SAFE_MINOR = 12;

/**
 * Connects, and connects again for ever once it was connected.
 * @throws ClusterError NATS_PLAIN, NATS_ABSENT, NATS_REFUSED, NATS_OLD
 */
export async function openLink(options: LinkOptions): Promise<ClusterLink> {
  const { url, inbox, log = SILENT } = options;
  const host = hostOf(url);
  if (options.ca === undefined && !isLoopback(host)) throw plainNats(url);
  const nc = await connect(settingsOf(options, host)).catch((error: unknown) => {
    throw notConnected(url, error);
  });
  const version = nc.info?.version ?? 'an unknown version';
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number.parseFloat);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    await nc.close();
    throw oldServer(version);
  }
  if (!isLoopback(host) && minor <= NEWEST_SAFE_MINOR && patch < (SAFE.get(minor) ?? Infinity)) {
    log.warn(
      { version },
      'NATS server has published advisories: 2.11.15, 2.12.6 or newer is asked for',
    );
  }
  void tellOf(nc, log);
  // Without a call to the server: artists may not ask for what it offers.
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return { nc, js: jetstream(nc), jsm, inbox, log, close: () => nc.close() };
}

function settingsOf({ url, name, seed, inbox, ca }: LinkOptions, host: string) {
  const byAddress = {
    // Reached by address, the client would compare the certificate with “localhost”.
    checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
      checkServerIdentity(host, certificate),
  };
  return {
    servers: [url.replace(/^(nats|tls):\/\//, '')],
    name,
    timeout: 5000,
    ...(inbox === undefined ? {} : { inboxPrefix: inbox }),
    ...(ca === undefined ? {} : { tls: { ca, ...(isIP(host) === 0 ? {} : byAddress) } }),
    ...(seed === undefined
      ? {}
      : { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) }),
    // The client's own ten tries are over in twenty seconds.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    reconnectJitterTLS: 500,
    // A silent link is noticed in 15 s instead of minutes.
    pingInterval: 5000,
    maxPingOut: 2,
    // A server that starts again with another configuration must not end a worker.
    ignoreAuthErrorAbort: true,
    // Only the address that the user gave is ever connected to.
    ignoreClusterUpdates: true,
  };
}

/** A refused permission looks like a timeout to its caller: here it gets into the log. */
async function tellOf(nc: NatsConnection, log: Log): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type === 'disconnect') log.warn({}, 'NATS connection lost; it is tried again');
    else if (status.type === 'reconnect') log.info({}, 'NATS connected again');
    else if (status.type === 'error') log.warn({ reason: messageOf(status.error) }, 'NATS refused');
  }
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|::1)$/;

/** Whether the address is this machine's own, which nobody else can reach. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** `tls://[::1]:4222` → `::1`. */
export function hostOf(url: string): string {
  const address = url.replace(/^[a-z]+:\/\//, '').replace(/\/$/, '');
  return (isIP(address) === 0 ? address.replace(/:\d+$/, '') : address).replaceAll(/[[\]]/g, '');
}

const plainNats = (url: string) =>
  new ClusterError(
    'NATS_PLAIN',
    `Expected encrypted NATS off this machine but ${url} would be in the clear.`,
    'Give the credentials that “emoeditor cluster init” wrote: --credentials <file>.',
  );

const oldServer = (version: string) =>
  new ClusterError(
    'NATS_OLD',
    `Expected nats-server ${OLDEST.join('.')} or newer but found ${version}.`,
    'Install a newer nats-server.',
  );

function notConnected(url: string, error: unknown): ClusterError {
  const reason = messageOf(error);
  const name = error instanceof Error ? error.name : '';
  if (/Authorization|Authentication|Permission/.test(name) || /authori[sz]ation/i.test(reason)) {
    return new ClusterError(
      'NATS_REFUSED',
      `The NATS server at ${url} refused the credentials.`,
      'Take the credentials that “emoeditor cluster init” wrote for this server; after a new name is added, the server is started again.',
      error,
    );
  }
  if (/certificate|self-signed|altname|tls|ssl/i.test(reason)) {
    return new ClusterError(
      'NATS_REFUSED',
      `The certificate of the NATS server at ${url} is not the one expected: ${reason}.`,
      'Use the credentials of this server, and the host name or address that it was set up for.',
      error,
    );
  }
  return new ClusterError(
    'NATS_ABSENT',
    `No NATS server answers at ${url}: ${reason}.`,
    'Start nats-server there, or correct the address after --nats.',
    error,
  );
}
