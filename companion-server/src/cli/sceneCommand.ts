import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { PixelBuffer } from '@emoeditor/shared';
import { Command } from 'commander';
import { loadBundle } from '../engine/loadBundle.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { makeProxy } from '../imaging/makeProxy.ts';
import { NO_METADATA } from '../imaging/metadata/pictureMetadata.ts';
import { openDocument } from '../imaging/openDocument.ts';
import { writePicture } from '../imaging/writePicture.ts';
import { readScene, SCENE_AREA } from '../scene/maps/readScene.ts';
import { SCENE_MAPS, type SceneMaps, shareOf } from '../scene/maps/sceneMaps.ts';
import { runtimePreference } from './runtimePreference.ts';
import { masksOf, stripOf } from './sceneMasks.ts';
import { overlayOf } from './sceneOverlay.ts';
import { expectOther, expectPictureName, freePlace } from './usableOutput.ts';
import { UsageError } from './usageError.ts';

interface SceneOptions {
  readonly out?: string;
  readonly masks?: string;
  readonly strip?: string;
  readonly bundle?: string;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** `emoeditor scene photo.jpg --out maps.png` */
export function sceneCommand(): Command {
  return new Command('scene')
    .description('look at what is seen in a photograph: sky, ground, water, persons, depth, lights')
    .argument('<files...>', 'photographs or PSDs')
    .option('-o, --out <file>', 'the maps in colours over the photograph; for one photograph')
    .option(
      '--masks <folder>',
      'every map as a grey picture of the photograph’s own size, in a folder per photograph',
    )
    .option(
      '--strip <folder>',
      'the maps as they were read, one below the other in one grey picture per photograph',
    )
    .option('-b, --bundle <name or folder>', 'model bundle; the starter when left out')
    .option('--overwrite', 'replace what exists', false)
    .option('--json', 'print the figures as JSON, a line per photograph', false)
    .addHelpText('after', '\nExample:\n  emoeditor scene photo.jpg --out maps.png')
    .action(run);
}

async function run(files: readonly string[], options: SceneOptions): Promise<void> {
  const { out, masks, strip, overwrite } = options;
  await expectOutputs(files, options);
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  const { signal } = controller;
  const { models } = await loadBundle(options.bundle ?? null, { signal, ...runtimePreference() });
  try {
    const networks = models.scene();
    for (const file of files) {
      const { pixels } = await openDocument(file);
      const proxy = await makeProxy(pixels, SCENE_AREA, 1);
      const maps = await readScene(proxy, networks, signal);
      console.log(options.json ? json(file, maps) : text(file, maps));
      if (out !== undefined) await save(out, overlayOf(proxy, maps), overwrite);
      const name = basename(file, extname(file));
      if (strip !== undefined) {
        await mkdir(strip, { recursive: true });
        await save(join(strip, `${name}.png`), stripOf(maps), overwrite);
      }
      if (masks === undefined) continue;
      const place = join(masks, name);
      await mkdir(place, { recursive: true });
      for (const [map, mask] of await masksOf(pixels, proxy, maps)) {
        await save(join(place, `${map}.png`), mask, overwrite);
      }
    }
  } finally {
    process.removeListener('SIGINT', stop);
    await models.release();
  }
}

async function expectOutputs(
  files: readonly string[],
  { out, masks, strip, overwrite }: SceneOptions,
): Promise<void> {
  if (out !== undefined) {
    if (files.length > 1) {
      throw new UsageError('--out names one picture, but there are several photographs.', ONE);
    }
    for (const file of files) await expectOther(out, file, 'is the photograph itself');
    expectPictureName(out);
    await freePlace(out, overwrite);
  }
  const names = files.map((file) => basename(file, extname(file)));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if ((masks ?? strip) !== undefined && twice !== undefined) {
    throw new UsageError(`Two of the photographs are called ${twice}.`, ONE);
  }
}

const ONE = 'Give them one at a time.';

async function save(path: string, pixels: PixelBuffer, overwrite: boolean): Promise<void> {
  await writeWhole(path, await writePicture(pixels, null, NO_METADATA, path), { overwrite });
}

const percent = (value: number) => `${(100 * value).toFixed(0)} %`;

function text(file: string, { planes, confidence, horizon, faces }: SceneMaps): string {
  const rows = SCENE_MAPS.map((name) => {
    const share = percent(shareOf(planes[name])).padStart(6);
    return `  ${name.padEnd(11)}${share}   sure to ${confidence[name].toFixed(2)}`;
  });
  const line =
    horizon === null
      ? 'no horizon'
      : `horizon at ${percent(horizon.left)} to ${percent(horizon.right)} of the height, sure to ${horizon.confidence.toFixed(2)}`;
  const found = `${faces.length} ${faces.length === 1 ? 'face' : 'faces'}`;
  return [file, ...rows, `  ${line}, ${found}`].join('\n');
}

function json(file: string, { planes, confidence, horizon, faces }: SceneMaps): string {
  const shares = Object.fromEntries(SCENE_MAPS.map((name) => [name, shareOf(planes[name])]));
  return JSON.stringify({ file, shares, confidence, horizon, faces });
}
