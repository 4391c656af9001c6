import { hasDesktop, readConfig, type ServerConfig, type ServerSettings } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { messageOf } from '../errors.ts';
import { createLog, type Log, openLogFile } from '../log.ts';
import { startServer } from '../main.ts';
import { openInBrowser } from './openInBrowser.ts';

/** What the commands that start a server have in common. */
export interface RunServerOptions {
  readonly port?: number;
  /** False with `--no-journal`. */
  readonly journal: boolean;
  /** Print the log instead of writing it to a file. */
  readonly log: boolean;
  readonly open: boolean;
}

/**
 * Runs a server for the panel until somebody stops it.
 * @param engine an engine elsewhere; the server has its own when left out
 */
export async function runServer(
  { journal, log: isPrinted, open, ...options }: RunServerOptions & Partial<ServerSettings>,
  engine?: (config: ServerConfig, log: Log) => Promise<Engine>,
): Promise<void> {
  const config = readConfig({ ...options, ...(journal ? {} : { journalFolder: null }) });
  const { log, file } = openLog(config, isPrinted);
  const server = await startServer(config, {
    log,
    ...(engine === undefined ? {} : { engine: await engine(config, log) }),
    onNewCode: (kind) =>
      console.log(
        kind === 'typed'
          ? `  Paired. The next pairing code is ${server.pairingCode}.`
          : `  A browser was paired. To pair another: ${server.studioUrl}`,
      ),
  });
  console.log(
    [
      '',
      ...(file === null ? [] : [`  Log            ${file}`]),
      '  Stop           Ctrl+C',
      '',
      `  Studio         ${server.studioUrl}   (pairs one browser)`,
      `  Pairing code   ${server.pairingCode}   (the panel in Photoshop asks for it once)`,
      '',
    ].join('\n'),
  );
  if (open && hasDesktop()) openInBrowser(server.studioUrl);
  await untilStopped();
  await server.close();
}

/** The log of a command that runs until it is stopped, and where it is. */
export function openLog(
  { cacheFolder, logLevel }: Pick<ServerConfig, 'cacheFolder' | 'logLevel'>,
  isPrinted: boolean,
): { readonly log: Log; readonly file: string | null } {
  const file = isPrinted ? null : openLogFile(cacheFolder);
  const log = createLog({
    level: logLevel,
    isPretty: process.stderr.isTTY === true && file === null,
    ...(file === null ? {} : { destination: file.stream }),
  });
  // An unhandled rejection belongs to one connection or edit; the others must go on (SE7).
  process.on('unhandledRejection', (error) =>
    log.error({ reason: messageOf(error) }, 'a piece of work failed that nobody waited for'),
  );
  return { log, file: file?.path ?? null };
}

/** Ctrl+C, or a service manager. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
