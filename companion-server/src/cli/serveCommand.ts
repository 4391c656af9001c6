import { Command, InvalidArgumentError } from 'commander';
import { hasDesktop, readConfig, type ServerSettings } from '../config.ts';
import { messageOf } from '../errors.ts';
import { createLog, openLogFile } from '../log.ts';
import { startServer } from '../main.ts';
import { numberIn } from './numberIn.ts';
import { openInBrowser } from './openInBrowser.ts';

interface ServeOptions {
  readonly port?: number;
  readonly bundle?: string;
  readonly provider?: string;
  readonly threads?: number;
  /** False with `--no-journal`. */
  readonly journal: boolean;
  readonly log: boolean;
  readonly open: boolean;
}

/** `emoeditor serve`: the companion server, until it is stopped. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('start the server for the Photoshop panel and the studio (what “npm start” does)')
    .option(
      '-p, --port <number>',
      'only this port; otherwise the first free one of 8765 to 8769',
      wholeNumber,
    )
    .option('-b, --bundle <name or folder>', 'model bundle; the starter when left out')
    .option('--provider <name>', 'only this execution provider, e.g. cpu')
    .option('--threads <number>', 'threads of the engine; one per core when left out', wholeNumber)
    .option('--no-journal', 'keep finished edits in memory alone, not on disk until they are taken')
    .option('--log', 'print the log here instead of writing it to a file', false)
    .option('--open', 'open the studio in the browser, where there is a desktop', false)
    .action(serve);
}

async function serve({ journal, log: isPrinted, open, ...options }: ServeOptions): Promise<void> {
  const settings: Partial<ServerSettings> = {
    ...options,
    ...(journal ? {} : { journalFolder: null }),
  };
  const config = readConfig(settings);
  const file = isPrinted ? null : openLogFile(config.cacheFolder);
  const log = createLog({
    level: config.logLevel,
    isPretty: process.stderr.isTTY === true && file === null,
    ...(file === null ? {} : { destination: file.stream }),
  });
  // An unhandled rejection belongs to one connection or edit; the others must go on (SE7).
  process.on('unhandledRejection', (error) =>
    log.error({ reason: messageOf(error) }, 'a piece of work failed that nobody waited for'),
  );
  const server = await startServer(config, {
    log,
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
      ...(file === null ? [] : [`  Log            ${file.path}`]),
      '  Stop           Ctrl+C',
      '',
      `  Studio         ${server.studioUrl}   (pairs one browser)`,
      `  Pairing code   ${server.pairingCode}   (the panel in Photoshop asks for it once)`,
      '',
    ].join('\n'),
  );
  if (open && hasDesktop()) openInBrowser(server.studioUrl);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.close();
}

function wholeNumber(text: string): number {
  const number = numberIn(text);
  if (!Number.isInteger(number) || number < 0)
    throw new InvalidArgumentError('Give a whole number.');
  return number;
}
