import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { USER_BUNDLES } from '../models/bundleStore.ts';
import { createAcceptedLicences } from '../models/catalogue/acceptedLicences.ts';
import { bytesText } from '../models/catalogue/bytesText.ts';
import {
  CATALOGUE_FILE,
  type CatalogueEntry,
  entryNamed,
  readCatalogue,
} from '../models/catalogue/catalogue.ts';
import { DownloadError } from '../models/catalogue/downloadError.ts';
import { pullModel } from '../models/catalogue/pullModel.ts';

interface PullCommandOptions {
  readonly out?: string;
  readonly catalogue: string;
  readonly acceptLicence: boolean;
}

/** `emoeditor models pull <name>` */
export function pullCommand(): Command {
  return new Command('pull')
    .description('download a model of the catalogue; goes on where an earlier try stopped')
    .argument('[name]', 'name in the catalogue; lists them when left out')
    .option('-o, --out <folder>', 'where it goes; beside your other models when left out')
    .option('--catalogue <file>', 'another list of models, of the same form', CATALOGUE_FILE)
    .option('--accept-licence', 'agree to the licence without being asked', false)
    .action(async (name: string | undefined, options: PullCommandOptions) => {
      const catalogue = await readCatalogue(options.catalogue);
      if (name === undefined) {
        for (const entry of catalogue) console.log(describe(entry));
        return;
      }
      const entry = entryNamed(catalogue, name);
      const keepConsent = await agree(entry, options.acceptLicence);
      const folder =
        options.out ??
        join(USER_BUNDLES, entry.kind === 'bundle' ? entry.name : `${entry.name}.checkpoint`);
      await download(entry, folder);
      await keepConsent();
      console.log(`${entry.title} is in ${folder}`);
      const next = nextStep(entry, folder);
      if (next !== null) console.log(next);
    });
}

/** What makes something of the files that were pulled; a bundle runs as it is. */
function nextStep({ kind, name, licence }: CatalogueEntry, folder: string): string | null {
  const place = shellWord(folder);
  switch (kind) {
    case 'bundle':
      return null;
    case 'checkpoint': {
      // The files do not say their licence themselves.
      const words = ['--out', join(USER_BUNDLES, name), '--licence', licence.name].map(shellWord);
      return `Turn it into a bundle: emoeditor import ${place} ${words.join(' ')}`;
    }
    case 'tiny-decoder':
      return `Take it along with a model: emoeditor import <model> --out <bundle> --tiny-decoder ${place}`;
  }
}

async function download(entry: CatalogueEntry, folder: string): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort(cancelled());
  process.once('SIGINT', stop);
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} %, {megabytes} of {all} MB, {eta_formatted} left, {file}',
      stream: process.stderr,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  bar.start(1, 0, { file: 'comparing checksums', megabytes: 0, all: 0 });
  try {
    await pullModel(entry, folder, {
      signal: controller.signal,
      onProgress: (bytes, total, file) => {
        bar.setTotal(total);
        bar.update(bytes, { file, megabytes: megabytes(bytes), all: megabytes(total) });
      },
    });
  } finally {
    bar.stop();
    process.removeListener('SIGINT', stop);
  }
}

/** Error of a cancelled download; `describeFailure` prints its cause, which says what was left behind. */
const cancelled = () =>
  Object.assign(new DOMException('The download was cancelled.', 'AbortError'), {
    cause: new Error('What has arrived is kept: run the command again to go on.'),
  });

/**
 * Shows the licence and asks once.
 * @returns keeps the answer, once the model is there: a download that fails has accepted nothing
 */
async function agree(
  { name, licence }: CatalogueEntry,
  isAccepted: boolean,
): Promise<() => Promise<void>> {
  const ledger = createAcceptedLicences(join(readConfig().pairingsFile, '..', 'licences.json'));
  if (await ledger.has(name, licence.name)) return async () => {};
  console.log(`Licence: ${licence.name}\n${licence.url}\n${licence.terms}\n`);
  if (!isAccepted && !(await askedYes())) {
    throw new DownloadError(
      'LICENCE',
      `Expected you to agree to the licence of ${name}.`,
      'Nothing was downloaded. Run the command again and answer yes, or pass --accept-licence.',
    );
  }
  return () => ledger.add(name, licence.name);
}

async function askedYes(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question('Do you agree? Type yes: ');
  prompt.close();
  return answer.trim().toLowerCase() === 'yes';
}

/** Text that a shell of this system takes as one word. */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return process.platform === 'win32'
    ? `"${text.replaceAll('"', '')}"`
    : `'${text.replaceAll("'", `'\\''`)}'`;
}

function describe({ name, title, licence, files }: CatalogueEntry): string {
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${name}  ${title}, ${bytesText(size)}\n  ${licence.name}`;
}
