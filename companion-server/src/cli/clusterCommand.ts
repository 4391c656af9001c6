import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type ClusterStatus, clusterStatus } from '../cluster/clusterStatus.ts';
import { type ClusterLink, openLink } from '../cluster/link.ts';
import { isArtistName } from '../cluster/names.ts';
import { writeCluster } from '../cluster/setup/writeCluster.ts';
import { PIXEL_BYTES, prepareStreams } from '../cluster/streams.ts';
import { clusterAddress, clusterOptions } from './clusterOptions.ts';
import { badArtist } from './gatewayCommand.ts';
import { UsageError } from './usageError.ts';
import { wholeNumber } from './wholeNumber.ts';

interface InitOptions {
  readonly host: readonly string[];
  readonly artist: readonly string[];
  readonly port: number;
  readonly store?: string;
  readonly gigabytes: number;
}
interface ConnectOptions {
  readonly nats?: string;
  readonly credentials?: string;
}

const DEFAULT_PORT = 4222;
const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** `emoeditor cluster`: what gateways and workers on several machines need. */
export function clusterCommand(): Command {
  const init = new Command('init')
    .description('write certificates, the configuration of nats-server, credentials, systemd units')
    .argument('<folder>', 'where; run again with more artists, those of before keep their keys')
    .requiredOption('--host <name or address...>', 'what the NATS server is reached by')
    .requiredOption('--artist <name...>', 'who will have a gateway')
    .option('--port <number>', 'port of the NATS server', wholeNumber, DEFAULT_PORT)
    .option('--store <folder>', 'where the NATS server keeps pictures for an hour')
    .option('--gigabytes <number>', 'of pictures, for each artist', positive, PIXEL_BYTES / GIB)
    .action(initialise);
  const prepare = new Command('prepare')
    .description('make the streams on a NATS server that runs, once')
    .action((options: ConnectOptions) => connected(options, prepareOn));
  const status = new Command('status')
    .description('workers, what waits, and whose pictures take how much')
    .action((options: ConnectOptions) =>
      connected(options, async (link, artists) => {
        for (const line of statusLines(await clusterStatus(link, artists))) console.log(line);
      }),
    );
  return new Command('cluster')
    .description('gateways and workers on several machines, over NATS JetStream')
    .addCommand(init)
    .addCommand(clusterOptions(prepare))
    .addCommand(clusterOptions(status));
}

async function initialise(folder: string, options: InitOptions): Promise<void> {
  const { host, artist: artists, port, store, gigabytes } = options;
  const wrong = artists.find((name) => !isArtistName(name));
  if (wrong !== undefined) throw badArtist(wrong);
  const [first, ...others] = host.flatMap((one) => one.split(',')).filter((one) => one !== '');
  if (first === undefined) throw noHost();
  const bytes = Math.round(gigabytes * GIB);
  const names = await writeCluster({
    ...{ folder, artists, port, store, bytes, hosts: [first, ...others] },
  });
  const at = (name: string) => resolve(folder, name);
  console.log(
    [
      '',
      `  Artists   ${names.join(', ')}`,
      '',
      '  On this machine:',
      `    nats-server -c ${at('nats.conf')}`,
      `    emoeditor cluster prepare --credentials ${at('admin.json')}`,
      '  On the machine with the GPU, with worker.json:',
      '    emoeditor worker --credentials worker.json',
      '  On each artist’s machine, with that artist’s file of artists/:',
      `    emoeditor gateway --credentials ${names[0]}.json`,
      '',
      '  The files hold keys: carry them by hand or over SSH, and keep admin.json and ca.key here.',
      '',
    ].join('\n'),
  );
}

async function connected(
  { nats, credentials: file }: ConnectOptions,
  then: (link: ClusterLink, artists: readonly string[], bytes?: number) => Promise<void>,
): Promise<void> {
  const { url, credentials } = await clusterAddress('admin', nats, file);
  const link = await openLink({ url, name: 'admin', ...credentials });
  try {
    await then(link, credentials?.artists ?? [], credentials?.bytes);
  } finally {
    await link.close();
  }
}

async function prepareOn(link: ClusterLink, artists: readonly string[], bytes?: number) {
  await prepareStreams(link, artists, bytes);
  console.log(artists.length === 0 ? 'Prepared.' : `Prepared for ${artists.join(', ')}.`);
}

function statusLines({ version, workers, artists, dead }: ClusterStatus): string[] {
  const size = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
  return [
    `nats-server ${version}`,
    workers.length === 0 ? 'No worker is there.' : 'Workers:',
    ...workers.map(({ id, bundle, provider, running, ended, version: release }) => {
      const work = running === null ? 'idle' : `runs an edit of ${running.artist}`;
      return `  ${id}  ${bundle} on ${provider}, ${work}, ${ended} ended (release ${release})`;
    }),
    artists.length === 0 ? 'Nothing waits.' : 'Artists:',
    ...artists.map(({ artist, waiting, running, bytes }) => {
      const store = bytes === null ? 'no store' : `${size(bytes.used)} of ${size(bytes.most)}`;
      return `  ${artist}  ${running} running, ${waiting} waiting, ${store}`;
    }),
    ...(dead.length === 0 ? [] : [`Given up within a week: ${dead.join(', ')}`]),
  ];
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('Give a number above zero.');
  return number;
}

const noHost = () =>
  new UsageError(
    'Expected a name or address of the NATS server but received none.',
    'Give --host, e.g. --host studio.local --host 192.168.1.20.',
  );
