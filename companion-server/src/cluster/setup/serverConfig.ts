import { pixelStream, STREAMS, subjects } from '../names.ts';

/** What one user of the server may say and hear. */
interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Answers reach a user here, and nobody else may listen. */
export const inboxOf = (who: string): string => `_INBOX_${who}`;

/**
 * What an artist's gateway asks of the studio. No call that manages streams or consumers is among it, and each subject
 * that reads carries what is read, so that the subject is the fence.
 */
const asks = (artist: string): readonly string[] => [
  `jobs.*.${artist}.*`,
  `call.*.${artist}.*`,
  'poke.*',
  `cancel.${artist}.*`,
  `pix.${artist}.>`,
  // The record of an edit that is cancelled.
  `res.${artist}.*`,
  `$JS.API.DIRECT.GET.${pixelStream(artist)}.pix.${artist}.>`,
  `$JS.API.DIRECT.GET.${STREAMS.records}.res.${artist}.*`,
  `$JS.API.DIRECT.GET.${STREAMS.fleet}.fleet.bundle.*`,
];

/** The same for all artists; the number is the token that must be the name of the account that imports it. */
const EXPORTED: readonly (readonly [subject: string, artistToken?: number])[] = [
  ['jobs.*.*.*', 3],
  ['call.*.*.*', 3],
  ['poke.*'],
  ['cancel.*.*', 2],
  ['pix.*.>', 2],
  ['res.*.*', 2],
  ['$JS.API.DIRECT.GET.*.pix.*.>', 7],
  [`$JS.API.DIRECT.GET.${STREAMS.records}.res.*.*`, 7],
  [`$JS.API.DIRECT.GET.${STREAMS.fleet}.fleet.bundle.*`],
];

const artistPermissions = (artist: string): Permissions => ({
  publish: asks(artist),
  subscribe: [subjects.eventsOf(artist), `${inboxOf(artist)}.>`],
});

/** Workers see every artist's edits, because they carry them out. They may not change the streams. */
const WORKER: Permissions = {
  publish: [
    ...['ev.>', 'usage.*', 'poke.*', 'res.>', 'try.>', 'dead.>', 'pix.>', 'fleet.>'],
    // What is queued again by the sweep.
    'jobs.>',
    `$JS.ACK.${STREAMS.jobs}.>`,
    `$JS.API.STREAM.INFO.${STREAMS.jobs}`,
    `$JS.API.STREAM.MSG.DELETE.${STREAMS.jobs}`,
    `$JS.API.CONSUMER.CREATE.${STREAMS.jobs}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${STREAMS.jobs}.>`,
    `$JS.API.CONSUMER.INFO.${STREAMS.jobs}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${STREAMS.jobs}.*`,
    '$JS.API.DIRECT.GET.>',
  ],
  subscribe: [
    ...['poke.*', 'cancel.>', 'usage.*', 'call.>', 'fleet.worker.*'],
    `${inboxOf('workers')}.>`,
  ],
};

export interface ServerConfigOptions {
  readonly port: number;
  /** Where the server keeps its streams. */
  readonly store: string;
  /** Folder with server.pem and server.key. */
  readonly certificates: string;
  /** Bytes of all streams together. */
  readonly storeBytes: number;
  /** Public NKeys. */
  readonly admin: string;
  readonly worker: string;
  readonly artists: ReadonlyMap<string, string>;
}

/**
 * Configuration of a nats-server from 2.9: encrypted, an account for the studio, which holds streams and workers, and one
 * for each artist, which imports the artist's own subjects. Permissions inside one account would not do: the server answers
 * at any subject that is asked for, with its own rights, so an artist could write in another's name.
 */
export function serverConfig(options: ServerConfigOptions): string {
  const { port, store, certificates, storeBytes, admin, worker, artists } = options;
  const exports = EXPORTED.map(([subject, token]) => {
    const only = token === undefined ? '' : `, account_token_position: ${token}`;
    return `      { service: ${quoted(subject)}${only} }`;
  });
  return `# Written by “emoeditor cluster init”: run it again to add an artist, then start the server anew.
listen: "0.0.0.0:${port}"
max_payload: 1MB
max_connections: 500
write_deadline: "10s"
tls {
  cert_file: ${quoted(`${certificates}/server.pem`)}
  key_file: ${quoted(`${certificates}/server.key`)}
  timeout: 5
}
jetstream { store_dir: ${quoted(store)}, max_memory_store: 64MB, max_file_store: ${storeBytes} }
accounts {
  STUDIO: {
    jetstream: enabled
    users: [
      { nkey: ${admin} } # makes the streams and looks at them
      ${user(worker, WORKER)}
    ]
    exports: [
${exports.join('\n')}
      { stream: "ev.*.>", account_token_position: 2 }
    ]
  }
${[...artists].map(([artist, key]) => account(artist, key)).join('\n')}
  SYS: { users: [] }
}
system_account: SYS
`;
}

function account(artist: string, key: string): string {
  const imports = asks(artist).map(
    (subject) => `      { service: { account: STUDIO, subject: ${quoted(subject)} } }`,
  );
  return `  ${quoted(artist)}: {
    users: [
      ${user(key, artistPermissions(artist))}
    ]
    imports: [
${imports.join('\n')}
      { stream: { account: STUDIO, subject: ${quoted(subjects.eventsOf(artist))} } }
    ]
  }`;
}

const user = (key: string, { publish, subscribe }: Permissions): string =>
  `{ nkey: ${key}
        permissions: { publish: { allow: ${list(publish)} }, subscribe: { allow: ${list(subscribe)} } } }`;

const quoted = (text: string): string => JSON.stringify(text);
const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`;
