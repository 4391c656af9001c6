import { Command } from 'commander';
import { openGateway } from '../cluster/gateway/openGateway.ts';
import { isArtistName } from '../cluster/names.ts';
import { VERSION } from '../version.ts';
import { clusterAddress, clusterOptions } from './clusterOptions.ts';
import { type RunServerOptions, runServer } from './runServer.ts';
import { serverOptions } from './serveCommand.ts';
import { UsageError } from './usageError.ts';

interface GatewayOptions extends RunServerOptions {
  readonly nats?: string;
  readonly credentials?: string;
  readonly bundle?: string;
  readonly artist: string;
}

/** `emoeditor gateway`: the server for the panel, with its engine on another machine. */
export function gatewayCommand(): Command {
  const command = new Command('gateway').description(
    'start the server for the panel without models: “emoeditor worker” runs them elsewhere',
  );
  return serverOptions(clusterOptions(command))
    .option('-b, --bundle <name>', 'only workers with this bundle; any when left out')
    .option('--artist <name>', 'whose edits these are, where there are no credentials', 'artist')
    .action(gateway);
}

async function gateway(options: GatewayOptions): Promise<void> {
  const { nats, credentials: file, bundle = null, artist, ...server } = options;
  if (!isArtistName(artist)) throw badArtist(artist);
  const { url, credentials } = await clusterAddress('artist', nats, file);
  await runServer(server, (_config, log) =>
    openGateway({ url, credentials, artist, bundle, version: VERSION, log }),
  );
}

export const badArtist = (name: string) =>
  new UsageError(
    `“${name}” cannot be the name of an artist.`,
    'Take small letters, digits and dashes, a letter first, at most 32; not studio, sys, workers or admin.',
  );
