/**
 * Scenes, measured: photographs × the eight emotions, each edited as `emoeditor edit` does it, written, read again and
 * judged by the frozen judge, beside a fixed filter for each emotion.
 *
 *   npm run bench:scenes -- folder-of-photographs         the studio's samples when left out
 *   options: --out scenes  --limit 24  --bundle models/starter  --seeds 42,43,44  --instruction ID  --table
 *
 * With --instruction the same one is carried out in all photographs: what is left of the filter share is then not the
 * variety of instructions. Results stand in --out, one file a photograph, and a run that was stopped goes on.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { runtimePreference } from '@emoeditor/companion-server/cli/runtimePreference.ts';
import { loadBundle } from '@emoeditor/companion-server/engine/loadBundle.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { readScene, SCENE_AREA } from '@emoeditor/companion-server/scene/maps/readScene.ts';
import { openJudge } from '../judge/judge.mts';
import type { PhotoScenes } from './measured.mts';
import { measureScenes } from './measureScene.mts';
import { scenesTable } from './scenesTable.mts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'scenes' },
    limit: { type: 'string', default: '24' },
    bundle: { type: 'string' },
    seeds: { type: 'string', default: '42,43,44' },
    instruction: { type: 'string' },
    table: { type: 'boolean', default: false },
  },
});
const [folder = join(import.meta.dirname, '../../studio/public/samples')] = positionals;
await mkdir(values.out, { recursive: true });
const fileOf = (photo: string) =>
  join(values.out, `${photo.replace(/[^A-Za-z0-9.-]+/g, '_')}.json`);

if (!values.table) {
  const bundle = values.bundle ?? null;
  const models = await loadEditor(bundle, new AbortController().signal);
  const { scene } = await loadBundle(bundle, runtimePreference());
  if (scene === undefined) throw new Error('Expected a bundle that tells what a scene shows.');
  const judge = await openJudge();
  const temporary = await mkdtemp(join(tmpdir(), 'emoeditor-scenes-'));
  const names = (await readdir(folder))
    .filter((name) => /\.(jpe?g|png|webp|tiff?)$/i.test(name))
    .sort()
    .slice(0, Number(values.limit));
  try {
    for (const [index, photo] of names.entries()) {
      if (await stat(fileOf(photo)).catch(() => null)) continue;
      const started = performance.now();
      const measured = await measureScenes({
        ...{ path: join(folder, photo), photo, models, judge, temporary },
        facesOf: async (pixels) =>
          (await readScene(await makeProxy(pixels, SCENE_AREA, 1), scene.networks)).faces,
        seeds: values.seeds.split(',').map(Number),
        instruction: values.instruction ?? null,
      });
      await writeFile(fileOf(photo), JSON.stringify(measured));
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.error(`${index + 1} of ${names.length}: ${photo}, ${seconds} s`);
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const files = (await readdir(values.out)).filter((name) => name.endsWith('.json')).sort();
const photos = await Promise.all(
  files.map(
    async (name) => JSON.parse(await readFile(join(values.out, name), 'utf8')) as PhotoScenes,
  ),
);
const table = scenesTable(photos);
console.log(table);
await writeFile(join(values.out, 'table.md'), `${table}\n`);
process.exit(0);
