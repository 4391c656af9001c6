import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readConfig, type ServerSettings } from '@emoeditor/companion-server/config.ts';
import { webSocketTransport } from '@emoeditor/companion-server/http/webSocketTransport.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { type RunningServer, startServer } from '@emoeditor/companion-server/main.ts';
import {
  type ClientMessageInput,
  createClientChannel,
  type EditRequestInput,
  type PixelFormat,
  type ServerMessage,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { WebSocket } from 'ws';
import { helloOf, PAIRING, proofFor } from '../fakes/introduceTo.ts';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';

/** Set by vitest.config.ts; the folder is removed when the tests are over. */
declare const BUNDLE_FOLDER: string;

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;
export type Client = Awaited<ReturnType<typeof connectTo>>;

/** For a message: a busy machine is slow, not wrong. */
const PATIENCE_MS = 90_000;

const cleanUps: Array<() => Promise<unknown>> = [];
/** For `afterEach`: ends whatever a test has started, the last first. */
export async function cleanUp(): Promise<void> {
  for (const end of cleanUps.splice(0).reverse()) await end();
}

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emoeditor-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server on a free port; its engine's process runs the scripted models (see scriptedEngineModels.ts). */
export async function startCompanion(
  bundle = 'scripted',
  more: Partial<ServerSettings> = {},
): Promise<RunningServer> {
  const server = await serverIn(await newFolder(), bundle, more);
  cleanUps.push(() => server.close());
  return server;
}

/** Scripts whose server many tests use in the same way. */
export type SharedScript = 'scripted' | 'slow';
const shared = new Map<SharedScript, Promise<RunningServer>>();

/**
 * One such server for all tests of this worker process, with which it ends: a start takes most of a second. For tests
 * that neither close the server nor kill its engine nor ask what it counted.
 */
export function sharedCompanion(script: SharedScript = 'scripted'): Promise<RunningServer> {
  const folder = fileURLToPath(new URL(`servers/${process.pid}/${script}/`, BUNDLE_FOLDER));
  const server = shared.get(script) ?? serverIn(folder, script);
  shared.set(script, server);
  return server;
}

function serverIn(
  folder: string,
  bundle: string,
  more: Partial<ServerSettings> = {},
): Promise<RunningServer> {
  const config = readConfig({
    port: 0,
    bundle,
    pairingsFile: join(folder, 'pairings.json'),
    journalFolder: join(folder, 'journal'),
    studioFolder: join(folder, 'studio'),
    modelsModule: SCRIPTED_MODELS,
    ...more,
  });
  return startServer(config, { log: SILENT });
}

export const rgbFormat = (
  width: number,
  height: number,
  more: Partial<PixelFormat> = {},
): PixelFormat => ({
  width,
  height,
  channels: 3,
  sample: 'uint8',
  range: 255,
  profile: SRGB_PROFILE,
  ...more,
});

/** Structure that a compositor has something to do with: a gradient with a finer pattern on it. */
export function patternBytes(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    return (Math.round((x / width) * 200) + ((i * 37) % 50)) % 256;
  });
}

type Reached = Pick<RunningServer, 'port' | 'pairings'>;

export const url = ({ port }: Pick<RunningServer, 'port'>) => `ws://127.0.0.1:${port}/v1`;

/** The panel's end over a real socket. */
export async function connectTo(server: Reached) {
  const socket = new WebSocket(url(server));
  const channel = createClientChannel({ transport: webSocketTransport(socket), sleep });
  const heard: ServerMessage[] = [];
  const pixels = new Map<ServerMessage, Uint8Array>();
  const closed: number[] = [];
  const listeners = new Set<() => void>();
  channel.onMessage = (message, bytes) => {
    heard.push(message);
    if (bytes !== null) pixels.set(message, bytes);
    for (const look of listeners) look();
  };
  channel.onClose = (code) => void closed.push(code);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  cleanUps.push(async () => socket.terminate());
  const of = <Type extends ServerMessage['type']>(type: Type) =>
    heard.filter((message): message is Of<Type> => message.type === type);
  /** The message of that type, now or when it comes. */
  const hear = <Type extends ServerMessage['type']>(type: Type, count = 1): Promise<Of<Type>> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = of(type)[count - 1];
        if (found === undefined) return;
        clearTimeout(patience);
        listeners.delete(look);
        resolve(found);
      };
      const patience = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`No ${type}; heard ${heard.map((message) => message.type).join(', ')}`));
      }, PATIENCE_MS);
      listeners.add(look);
      look();
    });
  const say = (message: ClientMessageInput) => channel.send(message);
  return {
    socket,
    channel,
    heard,
    pixels,
    closed,
    of,
    hear,
    say,
    /** Says hello with a key that the server is told of first, and proves it. */
    async hello(more: { protocol?: number } = {}) {
      await server.pairings.add(PAIRING, 'test');
      say({ ...helloOf(), ...more });
      const challenge = await Promise.race([hear('challenge'), hear('error').then(() => null)]);
      if (challenge !== null) say(proofFor(challenge));
    },
    async submit(edit: Partial<EditRequestInput> = {}, requestId = 'r'): Promise<string> {
      await channel.sendWithBytes(
        (stream) => ({
          type: 'submit',
          requestId,
          edit: { target: { kind: 'emotion', emotion: 'awe' }, ...edit },
          proxy: rgbFormat(64, 64),
          stream,
        }),
        patternBytes(64, 64),
      );
      return (await hear('jobQueued')).jobId;
    },
  };
}

/** A client that was welcomed. */
export async function pairedWith(server: Reached): Promise<Client> {
  const client = await connectTo(server);
  await client.hello();
  await client.hear('welcome');
  return client;
}
