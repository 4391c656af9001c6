import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { editFile } from '@emoeditor/companion-server/cli/editFile.ts';
import type { LoadedEditor } from '@emoeditor/companion-server/cli/editJob.ts';
import { FIXED_FILTERS } from '@emoeditor/companion-server/evaluation/methods/fixedFilters.ts';
import {
  pixelsOf,
  rgbPictureOf,
} from '@emoeditor/companion-server/evaluation/pictures/rgbPicture.ts';
import { filterColours } from '@emoeditor/companion-server/imaging/colourFilter.ts';
import { TOPMOST } from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { makeProxy, makeProxyOf } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import type { Face } from '@emoeditor/companion-server/scene/maps/sceneMaps.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import {
  EMOTIONS,
  type Emotion,
  editRequestSchema,
  type PixelBuffer,
  sceneProxyExtent,
} from '@emoeditor/shared';
import sharp from 'sharp';
import type { Judge, JudgeReading } from '../judge/judge.mts';
import type { PhotoScenes, SceneMeasured } from './measured.mts';

/** Pixels of a small picture's long side, and the blur before the filter share, so that grain does not lower it. */
const THUMB = 120;
const BLUR = 0.01 * THUMB;
/** Chroma that a face may change by, as a share of its brightness, before it counts as recoloured. */
const SKIN_LIMIT = 0.2;

export interface SceneJob {
  readonly path: string;
  readonly photo: string;
  readonly models: LoadedEditor;
  readonly judge: Judge;
  readonly facesOf: (pixels: PixelBuffer) => Promise<readonly Face[]>;
  readonly seeds: readonly number[];
  /** The same one for every photograph. */
  readonly instruction: string | null;
  readonly temporary: string;
}

export async function measureScenes(job: SceneJob): Promise<PhotoScenes> {
  const { path, photo } = job;
  const before = (await openDocument(path, TOPMOST)).pixels;
  const size = sizeOf(before);
  const thumbs = [await thumbOf(before, size)];
  const source = await judged(job, before);
  const faces = await job.facesOf(before);
  const edits: SceneMeasured[] = [];
  for (const emotion of EMOTIONS) {
    const { delivered, told, seconds, filter } = await deliver(job, emotion, before);
    thumbs.push(await thumbOf(delivered, size));
    const index = EMOTIONS.indexOf(emotion);
    const [after, rival] = [await judged(job, delivered), await judged(job, filter)];
    edits.push({
      emotion,
      instructions: [told, ...(await otherSeeds(job, emotion, before))],
      p: {
        before: source.distribution[index] as number,
        delivered: after.distribution[index] as number,
        filter: rival.distribution[index] as number,
      },
      isFirst: { delivered: first(after) === index, filter: first(rival) === index },
      valence: after.ridgeValence - source.ridgeValence,
      clipped: shareClipped(delivered) - shareClipped(before),
      faces: {
        found: faces.length,
        recoloured: faces.filter((face) => chromaChange(before, delivered, face) > SKIN_LIMIT)
          .length,
      },
      seconds,
    });
  }
  return { photo, thumb: size, thumbs: thumbs.map((one) => one.toString('base64')), edits };
}

const first = ({ distribution }: JudgeReading) => distribution.indexOf(Math.max(...distribution));

const requestOf = ({ instruction }: SceneJob, emotion: Emotion, seed: number) =>
  editRequestSchema.parse({
    target: { kind: 'emotion', emotion },
    seed,
    ...(instruction === null ? {} : { scene: { instruction } }),
  });

/** The file that the user gets, read again, and that of the fixed filter. */
async function deliver(job: SceneJob, emotion: Emotion, before: PixelBuffer) {
  const { path, models, temporary } = job;
  const output = join(temporary, `${process.pid}.png`);
  let started = performance.now();
  let firstPreview = 0;
  const editor: LoadedEditor['editor'] = {
    ...models.editor,
    async edit(...takes) {
      started = performance.now();
      return models.editor.edit(...takes);
    },
  };
  const result = await editFile(
    {
      ...{ input: path, output, source: TOPMOST, result: 'layer', aiNote: false, cube: null },
      ...{ intensity: 1, elements: null, overwrite: true, refine: false },
      request: requestOf(job, emotion, job.seeds[0] as number),
    },
    async () => ({ ...models, editor }),
    {
      note() {},
      progress() {},
      iteration() {
        firstPreview ||= performance.now() - started;
      },
    },
    new AbortController().signal,
  );
  const delivered = (await openDocument(output, TOPMOST)).pixels;
  await rm(output);
  const plain = pixelsOf(await rgbPictureOf(before));
  const filter = await filterColours(plain, FIXED_FILTERS[emotion]);
  const seconds = { edit: (result.timings['total'] ?? 0) / 1000, first: firstPreview / 1000 };
  return { delivered, filter, told: result.chosen.scene?.plan.instruction ?? null, seconds };
}

async function otherSeeds(job: SceneJob, emotion: Emotion, pixels: PixelBuffer) {
  const { editor, info } = job.models;
  const extent = sceneProxyExtent(pixels.format, info.workingArea, info.sizeMultiple);
  const proxy = await makeProxyOf(pixels, extent);
  const told: (string | null)[] = [];
  for (const seed of job.seeds.slice(1)) {
    const { iterations, chosen } = await editor.edit(
      requestOf(job, emotion, seed),
      proxy,
      { progress() {}, iteration() {} },
      new AbortController().signal,
    );
    told.push(iterations[chosen]?.report.scene?.plan.instruction ?? null);
  }
  return told;
}

async function judged({ judge, models }: SceneJob, pixels: PixelBuffer): Promise<JudgeReading> {
  const { width, height, rgb } = await makeProxy(pixels, models.info.workingArea, 1);
  const planes = new Float32Array(rgb.length);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) planes[k * width * height + i] = (rgb[3 * i + k] as number) / 255;
  }
  const [reading] = await judge.read(tensor(planes, [1, 3, height, width]));
  if (reading === undefined) throw new RangeError('The judge gave no reading.');
  return reading;
}

/** Per cent of pixels with a channel within a level of an end of its range. */
function shareClipped({ format, data }: PixelBuffer): number {
  const { channels, range } = format;
  const [low, high] = [range / 255, range - range / 255];
  let count = 0;
  for (let i = 0; i < data.length; i += channels) {
    const isAtEnd = [0, 1, 2].some((k) => {
      const value = data[i + k] as number;
      return value <= low || value >= high;
    });
    if (isAtEnd) count += 1;
  }
  return (100 * count) / (data.length / channels);
}

/** Change of a face's mean chromaticity, as a share. */
function chromaChange(before: PixelBuffer, after: PixelBuffer, face: Face): number {
  const [from, to] = [meanColour(before, face), meanColour(after, face)];
  const sum = (colour: readonly number[]) => colour.reduce((total, value) => total + value, 1e-6);
  return Math.max(
    ...from.map((value, k) => Math.abs((to[k] as number) / sum(to) - value / sum(from)) * 3),
  );
}

function meanColour({ format, data }: PixelBuffer, { left, top, width, height }: Face): number[] {
  const total = [0, 0, 0];
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  for (
    let y = clamp(top * format.height, format.height);
    y < clamp((top + height) * format.height, format.height);
    y++
  ) {
    for (
      let x = clamp(left * format.width, format.width);
      x < clamp((left + width) * format.width, format.width);
      x++
    ) {
      for (let k = 0; k < 3; k++) {
        const value = data[(y * format.width + x) * format.channels + k] as number;
        total[k] = (total[k] as number) + value / format.range;
      }
    }
  }
  return total;
}

function sizeOf({ format }: PixelBuffer) {
  const scale = THUMB / Math.max(format.width, format.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(format.width), height: side(format.height) };
}

async function thumbOf(pixels: PixelBuffer, size: ReturnType<typeof sizeOf>): Promise<Buffer> {
  const { width, height, rgb } = await makeProxy(pixels, 256 * 256, 1);
  const raw = { width, height, channels: 3 } as const;
  const small = await sharp(rgb, { raw })
    .resize(size.width, size.height, { fit: 'fill' })
    .toBuffer();
  const thumb = { ...size, channels: 3 } as const;
  return sharp(small, { raw: thumb }).blur(BLUR).raw().toBuffer();
}
