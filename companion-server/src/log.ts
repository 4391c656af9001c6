import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export interface LogSettings {
  readonly level: string;
  /** For a person at a terminal rather than for a log collector. */
  readonly isPretty: boolean;
  readonly destination?: NodeJS.WritableStream;
}

/** Port of the server's log; pino's types stay in this file. */
export interface Log {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Goes to standard error: standard output belongs to the commands. Callers name the facts one by one, so neither
 * pixels nor the token can slip in with a message (SE5); the paths below are the second lock.
 */
export function createLog({ level, isPretty, destination = process.stderr }: LogSettings): Log {
  const options = {
    level,
    base: null,
    redact: ['token', '*.token', 'proxy', '*.proxy', 'pixels', '*.pixels'],
  };
  const stream = isPretty
    ? pretty({ destination, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true })
    : destination;
  const logger: Logger = pino(options, stream);
  return logger;
}

/** A log of this size makes way for a new one; the one before it is kept. */
const LARGEST_LOG = 5 * 2 ** 20;

/**
 * A file that the server's log is appended to. Null where none can be written.
 * @param folder made when it is missing
 */
export function openLogFile(
  folder: string,
): { readonly path: string; readonly stream: NodeJS.WritableStream } | null {
  const path = join(folder, 'server.log');
  try {
    mkdirSync(folder, { recursive: true });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > LARGEST_LOG) renameSync(path, `${path}.1`);
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // A disk that fills up must not end the server.
    stream.on('error', () => {});
    return { path, stream };
  } catch {
    return null;
  }
}
