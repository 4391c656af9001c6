import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { importBundle } from '../importer/importBundle.ts';
import { parsePrecision, precisionFor } from '../importer/storage.ts';
import { chooseProvider } from '../runtime/chooseProvider.ts';

/** `emoeditor import <folder> --out <bundle>` */
export function importCommand(): Command {
  return new Command('import')
    .description('turn the export folder of a training run into a bundle (no Python needed)')
    .argument(
      '<folder>',
      'folder with unet/, vae/, emotion_encoder/, predictor/, scheduler/, card.json',
    )
    .requiredOption('-o, --out <folder>', 'folder of the new bundle')
    .option(
      '--precision <type>',
      'how weights are stored: float32, float16 or int8 (which also computes in integers on the CPU), or by part, as in float16,unet=int8; auto asks which provider runs here',
      'auto',
    )
    .action(async (folder: string, options: { out: string; precision: string }) => {
      const precision =
        options.precision === 'auto'
          ? precisionFor((await chooseProvider()).provider.name)
          : parsePrecision(options.precision);
      const controller = new AbortController();
      const stop = () => controller.abort();
      process.once('SIGINT', stop);
      const bar = new SingleBar(
        { format: '{bar} {value}/{total} {part}', stream: process.stderr, clearOnComplete: true },
        Presets.shades_classic,
      );
      bar.start(1, 0, { part: 'reading' });
      try {
        const { bundle, unused, spared } = await importBundle(folder, options.out, {
          precision,
          onProgress: (done, total, part) => {
            bar.setTotal(total);
            bar.update(done, { part });
          },
          signal: controller.signal,
        });
        bar.stop();
        const megabytes = bundle.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
        console.log(
          `${bundle.name} ${bundle.version}: ${megabytes.toFixed(1)} MB in ${options.out}`,
        );
        for (const [name, error] of spared) {
          console.log(`  stays float16, int8 would lose ${(error * 100).toFixed(1)} %: ${name}`);
        }
        for (const [part, names] of Object.entries(unused)) {
          if (names.length > 0) console.log(`  ${part}: not used: ${names.join(', ')}`);
        }
      } finally {
        bar.stop();
        process.removeListener('SIGINT', stop);
      }
    });
}
