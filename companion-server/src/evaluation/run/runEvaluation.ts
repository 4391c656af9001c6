import type { Emotion, PixelBuffer } from '@emoeditor/shared';
import { openDocument } from '../../imaging/openDocument.ts';
import { resizePicture } from '../../imaging/resizePicture.ts';
import type { Judges } from '../judges.ts';
import { compare, type SourceMeasures } from '../measure/compare.ts';
import { withPeak } from '../measure/memorySampler.ts';
import { measurePicture, SIDE } from '../measure/pictureMeasures.ts';
import { smallPictures } from '../measure/smallPictures.ts';
import type { Method, Photograph } from '../methods/method.ts';
import type { FaceBox } from '../metrics/faces.ts';
import { greyOf } from '../pictures/grey.ts';
import { type RgbPicture, rgbPictureOf } from '../pictures/rgbPicture.ts';
import { createPace } from './pace.ts';
import type { PhotographFile } from './photographs.ts';
import type { EditKey, Results } from './results.ts';

export interface EvaluationParts {
  readonly photographs: readonly PhotographFile[];
  readonly methods: readonly Method[];
  readonly targets: readonly Emotion[];
  readonly judges: Judges;
  /** A picture as an edit sees it: at working size. */
  see(pixels: PixelBuffer): Promise<RgbPicture>;
  /** Faces in a picture; none where the bundle cannot tell. */
  facesIn(picture: RgbPicture): Promise<readonly FaceBox[]>;
  readonly results: Results;
  readonly version: string;
}

export interface EvaluationProgress extends EditKey {
  readonly done: number;
  readonly total: number;
  /** Milliseconds that are left by the pace so far; null before the first edit. */
  readonly leftMs: number | null;
}

/**
 * Makes and measures every edit that has no result yet, one after another: no more than one photograph and one edit of
 * it are held. What was saved stays when it is stopped.
 * @throws the methods' errors, ImageError, FileError, the signal's reason
 */
export async function runEvaluation(
  parts: EvaluationParts,
  progress: (now: EvaluationProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { photographs, methods, targets, results } = parts;
  const missing = new Map<string, [Method, Emotion][]>();
  for (const { name: photograph } of photographs) {
    const edits: [Method, Emotion][] = [];
    for (const method of methods) {
      for (const target of targets) {
        const known = await results.find({ photograph, method: method.name, target });
        if (known === null) edits.push([method, target]);
      }
    }
    missing.set(photograph, edits);
  }
  const pace = createPace([...missing.values()].flat().map(([{ name }]) => name));
  const total = photographs.length * methods.length * targets.length;
  for (const file of photographs) {
    const edits = missing.get(file.name) ?? [];
    if (edits.length === 0) continue;
    const { photograph, source } = await openSource(parts, file);
    for (const [method, target] of edits) {
      signal.throwIfAborted();
      const key = { photograph: file.name, method: method.name, target };
      progress({ ...key, done: total - pace.left(), total, leftMs: pace.leftMs() });
      const started = performance.now();
      await measureEdit(parts, photograph, source, method, target, signal);
      pace.took(method.name, performance.now() - started);
    }
  }
}

async function openSource(
  { judges, see, facesIn, results }: EvaluationParts,
  { name, path, region }: PhotographFile,
): Promise<{ readonly photograph: Photograph; readonly source: SourceMeasures }> {
  const { pixels } = await openDocument(path);
  const picture = await rgbPictureOf(pixels);
  const seen = await see(pixels);
  await results.saveSource(name, await smallPictures(seen));
  const measured = await measurePicture(picture, seen, judges);
  const drawn = region === null ? null : await drawnRegion(region);
  const source = { ...measured, faces: await facesIn(seen), drawn };
  return { photograph: { name, path, picture }, source };
}

/** A mask that people drew: inside where it is light. */
async function drawnRegion(path: string): Promise<Uint8Array> {
  const picture = await rgbPictureOf((await openDocument(path)).pixels);
  const squashed = await resizePicture(picture, { width: SIDE, height: SIDE });
  return greyOf(squashed).map((level) => (level > 127 ? 1 : 0));
}

async function measureEdit(
  { judges, see, results, version }: EvaluationParts,
  photograph: Photograph,
  source: SourceMeasures,
  method: Method,
  target: Emotion,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const { value: made, peakMegabytes } = await withPeak(() =>
    method.make(photograph, target, signal),
  );
  const seconds = (performance.now() - started) / 1000;
  const seen = await see(made.pixels);
  const edit = await measurePicture(await rgbPictureOf(made.pixels), seen, judges);
  const judged = Object.fromEntries(
    Object.entries(source.readings).map(([judge, { distribution: before }]) => [
      judge,
      { before: [...before], after: [...(edit.readings[judge]?.distribution ?? [])] },
    ]),
  );
  await results.save({
    ...{ photograph: photograph.name, method: method.name, target, judged, version },
    metrics: compare(source, edit, target),
    told: made.told,
    cost: { unetEvaluations: made.unetEvaluations, seconds, peakMegabytes },
    pictures: await smallPictures(seen),
  });
}
