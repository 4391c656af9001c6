import { createServer } from 'node:http';
import { join } from 'node:path';
import { formatPairingCode } from '@emoeditor/shared';
import type { ServerConfig } from './config.ts';
import type { Engine } from './engine/engine.ts';
import { createForkedEngine, type ForkedEngineOptions } from './engine/forkedEngine.ts';
import { protocolErrorOf, withoutPaths } from './errors.ts';
import { createApp, type EngineState } from './http/createApp.ts';
import { listen } from './http/listen.ts';
import { createMetrics } from './http/metrics.ts';
import { createWireServer } from './http/wireServer.ts';
import { encodePreview } from './imaging/encodePreview.ts';
import { createFolderJournal } from './jobs/folderJournal.ts';
import { createInProcessQueue } from './jobs/inProcessQueue.ts';
import { type JobJournal, NO_JOURNAL } from './jobs/jobJournal.ts';
import { createJobs, type JobLimits } from './jobs/jobs.ts';
import { createLog, type Log } from './log.ts';
import { type CodeKind, createPairingCodes } from './session/pairingCodes.ts';
import { createPairings, type Pairings } from './session/pairings.ts';
import { VERSION } from './version.ts';

/** A server that listens. */
export interface RunningServer {
  /** Address of the server, e.g. `http://127.0.0.1:8765/`. */
  readonly url: string;
  /** Address of the studio, with a code in it that pairs one browser. */
  readonly studioUrl: string;
  readonly port: number;
  /** The code for the panel as it is shown to the user: `7K3MQ-X9TRB`. It pairs one panel. */
  readonly pairingCode: string;
  /** Clients that may connect. */
  readonly pairings: Pairings;
  /** Process id of the engine, while one runs. */
  readonly enginePid: number | undefined;
  /** Ends connections, jobs and the engine. */
  close(): Promise<void>;
}

/** What a caller may bring along. */
export interface ServerParts {
  readonly log?: Log;
  /** A code was used up or guessed at too often, and there is another; ask the server for it. */
  readonly onNewCode?: (kind: CodeKind) => void;
  /** Where edits are carried out, where that is no engine of this machine. */
  readonly engine?: Engine;
  /** How much of edits is kept, where it is not the usual. */
  readonly limits?: Partial<JobLimits>;
}

/** Edits that wait among those of others, in the queue of the engines elsewhere; the rest waits here. */
const SENT_AT_A_TIME = 16;

const SERVER = { name: 'EmoEditor companion server', version: VERSION } as const;

/**
 * Starts the companion server on 127.0.0.1; resolves when it listens, while the engine still loads its models.
 * @throws StartError PORT_TAKEN, CANNOT_LISTEN
 */
export async function startServer(
  config: ServerConfig,
  parts: ServerParts = {},
): Promise<RunningServer> {
  const log =
    parts.log ?? createLog({ level: config.logLevel, isPretty: process.stderr.isTTY === true });
  const pairings = createPairings(config.pairingsFile, log);
  const codes = createPairingCodes({ onNewCode: (kind) => parts.onNewCode?.(kind) });
  const metrics = createMetrics({
    jobsWaiting: () => jobs.waiting,
    connections: () => wire.connections,
  });
  const forked =
    parts.engine === undefined
      ? createForkedEngine({
          ...engineOptions(config),
          log,
          onCrash: () => metrics.engineCrashed(),
        })
      : null;
  const engine = parts.engine ?? (forked as Engine);
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(engine.isShared ? SENT_AT_A_TIME : 1),
    encodePreview,
    journal: journalOf(config, () => port, log),
    limits: parts.limits ?? {},
    onEnd(job, end, milliseconds) {
      metrics.jobEnded(end, milliseconds);
      log.info({ job, end: end.type, ms: Math.round(milliseconds) }, 'edit ended');
    },
  });
  let port = 0;
  const engineState = watchEngine(engine);
  const { studioFolder } = config;
  const http = createServer(
    createApp({ port: () => port, server: SERVER, studioFolder, metrics, engineState, log }),
  );
  const session = { jobs, engine, pairings, codes, server: SERVER, log };
  const wire = createWireServer({
    http,
    port: () => port,
    session: { ...session, onTile: metrics.tileDone },
  });
  port = await listen(http, config.port);
  // Only now: a server that cannot listen must leave no process behind.
  engineState();
  void jobs.recover();
  log.info({ port }, 'listening on 127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}/`,
    get studioUrl() {
      // Behind the #, so that it is in no request, no log and no referrer.
      return `http://127.0.0.1:${port}/#pair=${codes.code('link')}`;
    },
    port,
    get pairingCode() {
      return formatPairingCode(codes.code('typed'));
    },
    pairings,
    get enginePid() {
      return forked?.pid;
    },
    async close() {
      const stopped = new Promise((resolve) => http.close(resolve));
      const kept = jobs.close();
      await wire.close();
      http.closeAllConnections();
      await Promise.all([kept, engine.close(), stopped]);
    },
  };
}

/** What a configuration says of an engine of this machine. */
export function engineOptions(config: ServerConfig): ForkedEngineOptions {
  const { bundle, threads, provider, cacheFolder, modelsModule, cancelGraceMs } = config;
  return {
    settings: { bundle, threads, provider, cacheFolder },
    modelsModule,
    environment: config.engineEnvironment,
    cancelGraceMs,
  };
}

/** By port, because several servers may run at a time, and one that is started again takes its port again. */
function journalOf({ journalFolder }: ServerConfig, port: () => number, log: Log): JobJournal {
  if (journalFolder === null) return NO_JOURNAL;
  return createFolderJournal(() => join(journalFolder, String(port())), log);
}

/** What the engine's last answer was; every look asks again, so that a bundle put right is found. */
function watchEngine(engine: Engine): () => EngineState {
  let state: EngineState = { state: 'starting' };
  return () => {
    engine.ready().then(
      ({ bundle, provider }) => {
        state = { state: 'ready', bundle: bundle.id, provider: provider.name };
      },
      (error: unknown) => {
        const { code, message } = protocolErrorOf(error);
        state = { state: 'unavailable', code, message: withoutPaths(message) };
      },
    );
    return state;
  };
}
