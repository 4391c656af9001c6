import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';
import type { Credentials } from '../credentials.ts';
import { newPoolKeys, publicOf } from '../sealing.ts';
import { SHARED_BYTES } from '../streams.ts';
import { writeCertificates } from './certificates.ts';
import { inboxOf, serverConfig } from './serverConfig.ts';
import { systemdUnits } from './systemdUnits.ts';

export interface ClusterPlan {
  readonly folder: string;
  /** Names and addresses that the server is reached by; the first goes into the credentials. */
  readonly hosts: readonly [string, ...string[]];
  readonly artists: readonly string[];
  readonly port: number;
  /** Where the server keeps its streams; in the folder when left out. */
  readonly store?: string | undefined;
  /** Of pictures, for each artist. */
  readonly bytes: number;
}

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** Beside the streams' own limits: what the server needs to move messages about. */
const ROOM = 1.1;
const SECRET_BYTES = 32;

/**
 * Writes all that a cluster needs: certificates, nats.conf, credentials of the admin, the workers and each artist, and
 * units for systemd. Whoever has credentials already keeps them.
 * @returns the names of all artists, those of before too
 * @throws ClusterError NO_OPENSSL
 */
export async function writeCluster(plan: ClusterPlan): Promise<readonly string[]> {
  const folder = resolve(plan.folder);
  const store = plan.store === undefined ? join(folder, 'store') : resolve(plan.store);
  for (const one of [folder, join(folder, 'artists'), join(folder, 'systemd')]) {
    await mkdir(one, { recursive: true, mode: PRIVATE_FOLDER });
  }
  await writeCertificates(folder, plan.hosts);
  const ca = await readFile(join(folder, 'ca.pem'), 'utf8');
  const server = `tls://${plan.hosts[0]}:${plan.port}`;
  const known = await readJson<Credentials<'admin'>>(join(folder, 'admin.json'));
  const names = [...new Set([...(known?.artists ?? []), ...plan.artists])];
  /** With the keys of before, where there are some. */
  const write = async <T extends { readonly seed: string }>(path: string, fresh: T): Promise<T> => {
    const before = await readJson<Partial<T>>(join(folder, path));
    const { seed, pool, secret } = { ...fresh, ...before } as Record<string, unknown>;
    const kept = Object.entries({ seed, pool, secret }).filter(([key]) => key in fresh);
    const value = { ...fresh, ...Object.fromEntries(kept) };
    await writePrivate(join(folder, path), `${JSON.stringify(value, null, 2)}\n`);
    return value;
  };
  const userOf = (inbox: string) => ({ server, ca, inbox: inboxOf(inbox), seed: newSeed() });
  const admin = await write('admin.json', {
    ...{ kind: 'admin', ...userOf('admin'), artists: names, bytes: plan.bytes },
  });
  const worker = await write('worker.json', {
    ...{ kind: 'worker', ...userOf('workers'), pool: newPoolKeys().secret },
  });
  const keys = new Map<string, string>();
  for (const artist of names) {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const own = { kind: 'artist', artist, ...userOf(artist), pool: publicOf(worker.pool), secret };
    keys.set(artist, publicKeyOf((await write(`artists/${artist}.json`, own)).seed));
  }
  const config = serverConfig({
    ...{ port: plan.port, store, certificates: folder, artists: keys },
    storeBytes: Math.ceil(ROOM * (SHARED_BYTES + names.length * plan.bytes)),
    admin: publicKeyOf(admin.seed),
    worker: publicKeyOf(worker.seed),
  });
  await writePrivate(join(folder, 'nats.conf'), config);
  const units = systemdUnits({ folder, store, artist: names[0] ?? 'artist' });
  for (const [name, text] of Object.entries(units)) {
    await writeFile(join(folder, 'systemd', name), text);
  }
  return names;
}

const writePrivate = (path: string, text: string) => writeFile(path, text, { mode: PRIVATE_FILE });

async function readJson<T>(path: string): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
}

const newSeed = (): string => new TextDecoder().decode(createUser().getSeed());

const publicKeyOf = (seed: string): string =>
  fromSeed(new TextEncoder().encode(seed)).getPublicKey();
