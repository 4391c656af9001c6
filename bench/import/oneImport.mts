/** One import in a process of its own, with a precision or `link`; prints its time and peak memory as JSON. */
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { parsePrecision } from '@emoeditor/companion-server/importer/weights/storage.ts';

const [source, target, precision] = process.argv.slice(2);
if (source === undefined || target === undefined || precision === undefined) {
  throw new Error('Expected a model, a folder for the bundle and a precision.');
}
const started = performance.now();
const { bundle } = await importBundle(
  source,
  target,
  precision === 'link' ? { link: true } : { precision: parsePrecision(precision) },
);
// Linked parts may be one file.
const sizes = new Map(bundle.files.map(({ sha256, bytes }) => [sha256, bytes]));
console.log(
  JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    // Kilobytes, as Linux and Node count them.
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    bundleMegabytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) / 1e6,
  }),
);
