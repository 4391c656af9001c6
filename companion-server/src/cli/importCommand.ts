import { existsSync } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { addScene } from '../importer/addScene.ts';
import { type ImportReport, importBundle } from '../importer/importBundle.ts';
import type { SourceOptions } from '../importer/sources/sourceOptions.ts';
import { parsePrecision, precisionFor } from '../importer/weights/storage.ts';
import { chooseProvider } from '../runtime/chooseProvider.ts';
import { runtimePreference } from './runtimePreference.ts';
import { UsageError } from './usageError.ts';

interface Options extends SourceOptions {
  readonly scene?: string;
  readonly out: string;
  readonly precision: string;
  readonly link: boolean;
}

/** How many names of a list are printed; bundle.json has all. */
const PRINTED = 8;

/** `emoeditor import <model> --out <bundle>` */
export function importCommand(): Command {
  return new Command('import')
    .description('turn a trained model into a bundle (no Python needed)')
    .argument(
      '<model>',
      'checkpoint of the Stable Diffusion 1 family (.pt, .ckpt, .safetensors), folder of such files, diffusers folder, export folder of a training run, or a bundle whose predictor is exchanged',
    )
    .requiredOption('-o, --out <folder>', 'folder of the new bundle')
    .option('--emotion-encoder <file>', 'the emotion encoder, when it is in a file of its own')
    .option(
      '--predictor <file>',
      'the emotion predictor: a ResNet, a folder with its config, or a bundle to take it from',
    )
    .option(
      '--scene <folder>',
      'networks that tell what a scene shows, as “python -m scene_maps.export” writes them: the model is a bundle then, and the new one is it with them',
    )
    .option(
      '--with-text',
      'take the text encoder along beside an emotion encoder, for edit --conditioning text',
      false,
    )
    .option(
      '--tiny-decoder <file>',
      'a tiny autoencoder of the same latents, file or folder, such as “emoeditor models pull taesd” brings: decodes previews, and what the critic reads',
    )
    .option(
      '--tokenizer <folder>',
      'vocab.json and merges.txt of the text encoder, when not CLIP’s',
    )
    .option(
      '--link',
      'leave the weights in your own files, in the type that they have there, instead of copying them (same drive only)',
      false,
    )
    .option('--name <name>', 'name of the model, when its files do not say')
    .option('--licence <licence>', 'licence of the model, when its files do not say')
    .option(
      '--precision <type>',
      'how weights are stored: float32, float16 or int8 (which also computes in integers on the CPU), or by part, as in float16,unet=int8; auto asks which provider runs here',
      'auto',
    )
    .action(runImport);
}

async function runImport(model: string, options: Options): Promise<void> {
  if (options.scene !== undefined) {
    const { name, version } = await addScene(
      model,
      options.out,
      options.scene,
      new AbortController().signal,
    );
    console.log(`${name} ${version} with scene maps in ${options.out}`);
    return;
  }
  if (options.link && options.precision !== 'auto') throw linkKeeps(options.precision);
  const precision =
    options.precision === 'auto'
      ? precisionFor((await chooseProvider(runtimePreference())).provider.name)
      : parsePrecision(options.precision);
  const controller = new AbortController();
  const stop = () => controller.abort(stopped(options.out));
  process.once('SIGINT', stop);
  const bar = new SingleBar(
    { format: '{bar} {value}/{total} {part}', stream: process.stderr, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(1, 0, { part: 'reading' });
  try {
    const report = await importBundle(model, options.out, {
      ...options,
      precision,
      onProgress: (done, total, part) => {
        bar.setTotal(total);
        bar.update(done, { part });
      },
      signal: controller.signal,
    });
    bar.stop();
    print(report, options.out);
  } finally {
    bar.stop();
    process.removeListener('SIGINT', stop);
  }
}

function print({ bundle, keptInFloat16, unused, linked }: ImportReport, out: string): void {
  // Several parts may be one file.
  const files = new Map(bundle.files.map(({ sha256, bytes }) => [sha256, bytes]));
  const megabytes = [...files.values()].reduce((sum, bytes) => sum + bytes, 0) / 1e6;
  console.log(`${bundle.name} ${bundle.version}: ${megabytes.toFixed(1)} MB in ${out}`);
  for (const file of linked) {
    console.log(
      `  not copied: ${file}; it may be moved or removed, but must not be changed in place`,
    );
  }
  for (const [name, error] of keptInFloat16) {
    console.log(`  stays float16, int8 would lose ${(error * 100).toFixed(1)} %: ${name}`);
  }
  for (const [where, names] of Object.entries(unused)) {
    if (names.length === 0) continue;
    const more = names.length > PRINTED ? ` and ${names.length - PRINTED} more` : '';
    console.log(`  ${where}: not used: ${names.slice(0, PRINTED).join(', ')}${more}`);
  }
}

const linkKeeps = (precision: string) =>
  new UsageError(
    `--link keeps the numbers as they are, --precision ${precision} would change them.`,
    'Leave one of them out.',
  );

/** Error of a cancelled import; its cause, if any, tells the user which files it left. */
function stopped(out: string): Error {
  const partial = `${out}.partial`;
  const said = `What is written stays in ${partial}: run the same command again to go on, or remove it.`;
  const options = existsSync(partial) ? { cause: new Error(said) } : {};
  return Object.assign(new Error('Stopped.', options), { name: 'AbortError' });
}
