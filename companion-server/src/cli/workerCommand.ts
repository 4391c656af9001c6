import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Command } from 'commander';
import { openWorker } from '../cluster/worker/openWorker.ts';
import { readConfig, type ServerSettings } from '../config.ts';
import { createForkedEngine } from '../engine/forkedEngine.ts';
import { engineOptions } from '../main.ts';
import { VERSION } from '../version.ts';
import { clusterAddress, clusterOptions } from './clusterOptions.ts';
import { openLog, untilStopped } from './runServer.ts';
import { wholeNumber } from './wholeNumber.ts';

interface WorkerOptions extends Partial<Pick<ServerSettings, 'bundle' | 'provider' | 'threads'>> {
  readonly nats?: string;
  readonly credentials?: string;
  readonly log: boolean;
}

/** `emoeditor worker`: an engine for gateways; it listens at no port. */
export function workerCommand(): Command {
  const command = new Command('worker').description(
    'run models for the gateways of a NATS server, one edit at a time, until it is stopped',
  );
  return clusterOptions(command)
    .option('-b, --bundle <name or folder>', 'model bundle; the starter when left out')
    .option('--provider <name>', 'only this execution provider, e.g. cpu')
    .option('--threads <number>', 'threads of the engine; one per core when left out', wholeNumber)
    .option('--log', 'print the log here instead of writing it to a file', false)
    .action(work);
}

async function work({ nats, credentials: file, log: isPrinted, ...settings }: WorkerOptions) {
  const config = readConfig(settings);
  const { url, credentials } = await clusterAddress('worker', nats, file);
  const { log, file: logFile } = openLog(config, isPrinted);
  const worker = await openWorker({
    ...{ url, credentials, log, version: VERSION, id: workerId() },
    engine: () => createForkedEngine({ ...engineOptions(config), log }),
  });
  const { bundle, provider } = worker.advert;
  console.log(
    [
      '',
      ...(logFile === null ? [] : [`  Log       ${logFile}`]),
      '  Stop      Ctrl+C; an edit that runs goes to another worker',
      '',
      `  Bundle    ${bundle} on ${provider}`,
      `  Edits     from ${url}`,
      '',
    ].join('\n'),
  );
  await untilStopped();
  await worker.stop();
}

/** The machine's name, and what tells two workers on it apart. */
const workerId = (): string =>
  `${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}-${randomBytes(3).toString('hex')}`;
