import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMOTIONS, type Emotion, type EmotionVector } from '@emoeditor/shared';

/** What was measured of one picture: the readings of each judge, by its name. */
export type Readings = Readonly<Record<string, EmotionVector>>;

export interface EditMeasured {
  readonly emotion: Emotion;
  /** What the loop said of the chosen iteration. */
  readonly reported: EmotionVector;
  readonly verdict: string;
  readonly outcome: string;
  readonly strength: number;
  readonly ssim: number;
  readonly iterations: number;
  readonly seconds: number;
  /** The file that the user gets, read again. */
  readonly delivered: Readings;
  /** What the VAE decodes, at working size. */
  readonly decoded: Readings;
  /** The fixed filter of that emotion on the same photograph. */
  readonly filter: Readings;
  /** Points of pixels that the edit and the filter brought to an end of the range. */
  readonly clipped: { readonly delivered: number; readonly filter: number };
}

/** One photograph with all its edits; the small pictures for the filter share are in a PNG beside it. */
export interface PhotoMeasured {
  readonly photo: string;
  readonly thumb: { readonly width: number; readonly height: number };
  readonly source: Readings;
  readonly edits: readonly EditMeasured[];
}

/** Small pictures of a photograph, one below the other: the source, then of each emotion delivered, decoded, filter. */
export const THUMBS = 1 + 3 * EMOTIONS.length;
export type Variant = 'delivered' | 'decoded' | 'filter';
export const thumbOf = (emotion: Emotion, variant: Variant): number =>
  1 + 3 * EMOTIONS.indexOf(emotion) + ['delivered', 'decoded', 'filter'].indexOf(variant);

/** A claim that is older than this was left by a run that ended. */
const STALE_MS = 30 * 60_000;

/** The results of a folder, one file a photograph, so that runs share the work and go on where one stopped. */
export interface Measurements {
  /** True when this run shall measure the photograph: nobody has, and nobody is about to. */
  claim(photo: string): Promise<boolean>;
  save(measured: PhotoMeasured): Promise<void>;
  thumbsOf(photo: string): string;
  all(): Promise<PhotoMeasured[]>;
}

export function measurementsIn(folder: string): Measurements {
  const stem = (photo: string) => join(folder, photo.replace(/[^A-Za-z0-9.-]+/g, '_'));
  return {
    thumbsOf: (photo) => `${stem(photo)}.png`,
    async claim(photo) {
      if (await stat(`${stem(photo)}.json`).catch(() => null)) return false;
      const path = `${stem(photo)}.claim`;
      const claimed = await stat(path).catch(() => null);
      if (claimed !== null && Date.now() - claimed.mtimeMs < STALE_MS) return false;
      try {
        await writeFile(path, String(process.pid), { flag: claimed === null ? 'wx' : 'w' });
        return true;
      } catch {
        return false;
      }
    },
    async save(measured) {
      const path = `${stem(measured.photo)}.json`;
      await writeFile(`${path}.part`, JSON.stringify(measured));
      await rename(`${path}.part`, path);
    },
    async all() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return texts
        .map((text) => JSON.parse(text) as PhotoMeasured)
        .filter(({ photo }) => photo !== undefined);
    },
  };
}
