/**
 * What the user gets: photographs × the eight emotions, each edited as `emoeditor edit` does it, written as a PNG, read
 * again and judged, beside the picture that the VAE decodes, beside a fixed filter for each emotion, beside no change.
 *
 *   npm run bench:delivered -- folder-of-photographs      the studio's samples when left out
 *   options: --out delivered  --limit 28  --bundle models/starter  --judge folder  --seed 42  --mode fast  --table
 *
 * Results stand in --out, one file a photograph: several runs share the work, and one that was stopped goes on.
 * --judge is another bundle whose predictor judges too. --table only prints what is there.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { editRequestSchema, ieiModeSchema } from '@emoeditor/shared';
import { measurementsIn } from './measurements.mts';
import { measurePhoto } from './measurePhoto.mts';
import { tableOf } from './table.mts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'delivered' },
    limit: { type: 'string', default: '1000' },
    bundle: { type: 'string' },
    judge: { type: 'string' },
    seed: { type: 'string', default: '42' },
    mode: { type: 'string', default: 'fast' },
    table: { type: 'boolean', default: false },
  },
});
const [folder = join(import.meta.dirname, '../../studio/public/samples')] = positionals;
await mkdir(values.out, { recursive: true });
const results = measurementsIn(values.out);

if (!values.table) {
  const never = new AbortController().signal;
  const models = await loadEditor(values.bundle ?? null, never);
  const judge = values.judge === undefined ? null : await loadEditor(values.judge, never);
  const judges = { predictor: models, ...(judge === null ? {} : { judge }) };
  const mode = ieiModeSchema.parse(values.mode);
  const request = editRequestSchema.parse({
    target: { kind: 'emotion', emotion: 'awe' },
    mode,
    seed: Number(values.seed),
  });
  const names = (await readdir(folder))
    .filter((name) => /\.(jpe?g|png|webp|tiff?)$/i.test(name))
    .sort()
    .slice(0, Number(values.limit));
  const temporary = await mkdtemp(join(tmpdir(), 'emoeditor-delivered-'));
  try {
    for (const [index, photo] of names.entries()) {
      if (!(await results.claim(photo))) continue;
      const started = performance.now();
      const path = join(folder, photo);
      await results.save(
        await measurePhoto({ path, photo, models, judges, request, temporary, results }),
      );
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.error(`${index + 1} of ${names.length}: ${photo}, ${seconds} s`);
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const { markdown, json } = await tableOf(await results.all(), results);
console.log(markdown);
await writeFile(join(values.out, 'table.md'), `${markdown}\n`);
await writeFile(join(values.out, 'table.jsonl'), `${JSON.stringify(json)}\n`);
process.exit(0);
