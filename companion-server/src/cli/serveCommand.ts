import { Command } from 'commander';
import { runServer } from './runServer.ts';
import { wholeNumber } from './wholeNumber.ts';

/** `emoeditor serve`: the companion server, until it is stopped. */
export function serveCommand(): Command {
  return serverOptions(
    new Command('serve').description(
      'start the server for the Photoshop panel and the studio (what “npm start” does)',
    ),
  )
    .option('-b, --bundle <name or folder>', 'model bundle; the starter when left out')
    .option('--provider <name>', 'only this execution provider, e.g. cpu')
    .option('--threads <number>', 'threads of the engine; one per core when left out', wholeNumber)
    .action((options) => runServer(options));
}

/** Options of every command that starts a server; see RunServerOptions. */
export function serverOptions(command: Command): Command {
  return command
    .option(
      '-p, --port <number>',
      'only this port; otherwise the first free one of 8765 to 8769',
      wholeNumber,
    )
    .option('--no-journal', 'keep finished edits in memory alone, not on disk until they are taken')
    .option('--log', 'print the log here instead of writing it to a file', false)
    .option('--open', 'open the studio in the browser, where there is a desktop', false);
}
