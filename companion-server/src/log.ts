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
