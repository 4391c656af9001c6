import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { editFile } from '@emoeditor/companion-server/cli/editFile.ts';
import type { LoadedEditor } from '@emoeditor/companion-server/cli/editJob.ts';
import { seenBy } from '@emoeditor/companion-server/cli/seenBy.ts';
import { FIXED_FILTERS } from '@emoeditor/companion-server/evaluation/methods/fixedFilters.ts';
import {
  pixelsOf,
  rgbPictureOf,
} from '@emoeditor/companion-server/evaluation/pictures/rgbPicture.ts';
import { filterColours } from '@emoeditor/companion-server/imaging/colourFilter.ts';
import { TOPMOST } from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import type { EditOutcome, Picture } from '@emoeditor/companion-server/pipeline/edit.ts';
import { pictureOf } from '@emoeditor/companion-server/pipeline/preprocess.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import {
  type EditRequest,
  EMOTIONS,
  type Emotion,
  type EmotionVector,
  type PixelBuffer,
} from '@emoeditor/shared';
import sharp from 'sharp';
import type { EditMeasured, Measurements, PhotoMeasured, Readings } from './measurements.mts';

/** Pixels of a small picture's long side: those of the filter share. */
const THUMB = 120;

export interface PhotoJob {
  readonly path: string;
  readonly photo: string;
  readonly models: LoadedEditor;
  readonly judges: Readonly<Record<string, LoadedEditor>>;
  /** The target is replaced by each of the eight. */
  readonly request: EditRequest;
  readonly temporary: string;
  readonly results: Pick<Measurements, 'thumbsOf'>;
}

/** All edits of one photograph, one after another; no more than one full picture is held beside the photograph. */
export async function measurePhoto(job: PhotoJob): Promise<PhotoMeasured> {
  const { path, photo, results } = job;
  const before = (await openDocument(path, TOPMOST)).pixels;
  const size = await thumbSize(before);
  const thumbs = [await thumbOf(before, size)];
  const source = await readings(job, before);
  const ends = shareAtEnds(before);
  const edits: EditMeasured[] = [];
  for (const emotion of EMOTIONS) {
    const { measured, pictures } = await measureEdit(job, emotion, before, ends);
    edits.push(measured);
    for (const picture of pictures) thumbs.push(await thumbOf(picture, size));
  }
  const raw = { ...size, height: size.height * thumbs.length, channels: 3 } as const;
  await sharp(Buffer.concat(thumbs), { raw }).png().toFile(results.thumbsOf(photo));
  return { photo, thumb: size, source, edits };
}

async function measureEdit(job: PhotoJob, emotion: Emotion, before: PixelBuffer, ends: number) {
  const { path, models, request, temporary } = job;
  const output = join(temporary, `${process.pid}.png`);
  let outcome: EditOutcome | null = null;
  const editor: LoadedEditor['editor'] = {
    ...models.editor,
    async edit(...takes) {
      outcome = await models.editor.edit(...takes);
      return outcome;
    },
  };
  const started = performance.now();
  const result = await editFile(
    {
      ...{ input: path, output, source: TOPMOST, result: 'layer', aiNote: false, cube: null },
      ...{ intensity: 1, overwrite: true, refine: false, elements: null },
      request: { ...request, target: { kind: 'emotion', emotion } },
    },
    async () => ({ ...models, editor }),
    { note() {}, progress() {}, iteration() {} },
    new AbortController().signal,
  );
  const seconds = (performance.now() - started) / 1000;
  const delivered = (await openDocument(output, TOPMOST)).pixels;
  const decoded = decodedOf(outcome as unknown as EditOutcome);
  await rm(output);
  const plain = pixelsOf(await rgbPictureOf(before));
  const filter = await filterColours(plain, FIXED_FILTERS[emotion]);
  const { chosen } = result;
  const measured: EditMeasured = {
    ...{ emotion, reported: result.chosen.distribution, verdict: chosen.verdict },
    ...{ outcome: result.outcome.kind, strength: chosen.strength ?? 1, ssim: chosen.ssim },
    ...{ iterations: result.iterations.length, seconds },
    delivered: await readings(job, delivered),
    decoded: await readings(job, decoded),
    filter: await readings(job, filter),
    clipped: { delivered: shareAtEnds(delivered) - ends, filter: shareAtEnds(filter) - ends },
  };
  return { measured, pictures: [delivered, decoded, filter] };
}

/** What the VAE decodes of the chosen iteration, as a picture. */
function decodedOf({ iterations, chosen, extent }: EditOutcome): PixelBuffer {
  const { width, height } = extent;
  const decoded = iterations[chosen]?.decoded as Float32Array;
  const { rgb }: Picture = pictureOf(tensor(decoded, [1, 3, height, width]));
  const kind = { channels: 3, sample: 'uint8', range: 255, profile: 'sRGB IEC61966-2.1' } as const;
  return { format: { width, height, ...kind }, data: rgb };
}

/** What each judge reads in a picture. */
async function readings(
  { judges, models, request }: PhotoJob,
  pixels: PixelBuffer,
): Promise<Readings> {
  const out: Record<string, EmotionVector> = {};
  for (const [name, { read, info }] of Object.entries(judges)) {
    // The product's own predictor reads as the product does, another at the size that its own bundle works at.
    const seen =
      name === 'predictor'
        ? seenBy(models, request, pixels)
        : makeProxy(pixels, info.workingArea, info.sizeMultiple);
    out[name] = await read(await seen);
  }
  return out;
}

/** Per cent of pixels with a colour at an end of its range, where detail is lost. */
export function shareAtEnds({ format, data }: PixelBuffer): number {
  const { channels, range } = format;
  const [low, high] = [range / 255, range - range / 255];
  const pixels = data.length / channels;
  let count = 0;
  for (let i = 0; i < data.length; i += channels) {
    const greatest = Math.max(data[i] as number, data[i + 1] as number, data[i + 2] as number);
    const all = greatest <= low;
    if (all || greatest >= high) count += 1;
  }
  return (100 * count) / pixels;
}

async function thumbSize({ format }: PixelBuffer) {
  const scale = THUMB / Math.max(format.width, format.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(format.width), height: side(format.height) };
}

/** A picture as bytes of sRGB at that size. */
async function thumbOf(pixels: PixelBuffer, { width, height }: { width: number; height: number }) {
  const rgb = Buffer.alloc(width * height * 3);
  const { format, data } = pixels;
  const bytes = Buffer.alloc(format.width * format.height * 3);
  for (let i = 0; i < format.width * format.height; i++) {
    for (let k = 0; k < 3; k++) {
      bytes[i * 3 + k] = Math.round(
        (255 * (data[i * format.channels + k] as number)) / format.range,
      );
    }
  }
  const raw = { width: format.width, height: format.height, channels: 3 } as const;
  const small = await sharp(bytes, { raw }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  rgb.set(small);
  return rgb;
}
