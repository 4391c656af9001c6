import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import * as z from 'zod';
import { writeWhole } from '../../files/writeWhole.ts';
import { EvaluationError } from '../evaluationError.ts';

const distribution = z.array(z.number()).length(EMOTIONS.length);
const judged = z.object({ before: distribution, after: distribution });

/** Base64: a PNG of 120 pixels on the long side for the filter share, a JPEG to be shown. */
const picturesSchema = z.object({ thumb: z.string(), shown: z.string() });
export type SmallPictures = z.infer<typeof picturesSchema>;

/** Everything that is known of one edit; its file stands for it. */
const resultSchema = z.object({
  photograph: z.string(),
  method: z.string(),
  target: z.enum(EMOTIONS),
  /** By judge: `predictor`, `judge`. */
  judged: z.record(z.string(), judged),
  /** Metrics of single edits by their keys; null where one does not apply. */
  metrics: z.record(z.string(), z.nullable(z.number())),
  told: z.nullable(
    z.object({
      distribution,
      outcome: z.string(),
      strength: z.nullable(z.number()),
      iterations: z.number(),
      instruction: z.nullable(z.string()),
    }),
  ),
  cost: z.object({
    unetEvaluations: z.number(),
    seconds: z.number(),
    peakMegabytes: z.number(),
  }),
  pictures: picturesSchema,
  version: z.string(),
});
export type EditResult = z.infer<typeof resultSchema>;

/** Which edit a result is of. */
export interface EditKey {
  readonly photograph: string;
  readonly method: string;
  readonly target: Emotion;
}

/** The results of a folder, each a file of its own that is whole or not there. */
export interface Results {
  /** Null when it was not measured, or its file is damaged. */
  find(key: EditKey): Promise<EditResult | null>;
  save(result: EditResult): Promise<void>;
  /** The photograph itself, as small as its edits; null when none of its edits was begun. */
  findSource(photograph: string): Promise<SmallPictures | null>;
  saveSource(photograph: string, pictures: SmallPictures): Promise<void>;
}

const MADE_BY = 'made-by.json';

/**
 * Opens a folder of results, which belongs to one config.
 * @param madeBy what must be the same for results to stand side by side: photographs, methods, models
 * @throws EvaluationError OTHER_CONFIG, FileError
 */
export async function openResults(
  folder: string,
  madeBy: Readonly<Record<string, unknown>>,
): Promise<Results> {
  await mkdir(folder, { recursive: true });
  await claim(join(folder, MADE_BY), madeBy, folder);
  const at = (...names: readonly string[]) => `${join(folder, ...names.map(plain))}.json`;
  const fileOf = ({ photograph, method, target }: EditKey) =>
    at('results', method, photograph, target);
  return {
    find: (key) => readWhole(fileOf(key), resultSchema),
    save: (result) => write(fileOf(result), result),
    findSource: (photograph) => readWhole(at('sources', photograph), picturesSchema),
    saveSource: (photograph, pictures) => write(at('sources', photograph), pictures),
  };
}

/** Null for a file that is not there or is damaged. */
async function readWhole<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const found = schema.safeParse(text === null ? null : parsed(text));
  return found.success ? found.data : null;
}

async function write(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, JSON.stringify(value), { overwrite: true });
}

async function claim(
  path: string,
  madeBy: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const known = text === null ? null : parsed(text);
  if (known === null) {
    await writeWhole(path, `${JSON.stringify(madeBy, null, 2)}\n`, { overwrite: true });
    return;
  }
  const keys = [...new Set([...Object.keys(known), ...Object.keys(madeBy)])];
  const other = keys.filter((key) => JSON.stringify(known[key]) !== JSON.stringify(madeBy[key]));
  if (other.length === 0) return;
  throw new EvaluationError(
    'OTHER_CONFIG',
    `${folder} holds the results of another evaluation: ${other.join(', ')} ${other.length === 1 ? 'is' : 'are'} not the same.`,
    'Give another folder with --out, or remove that one.',
  );
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** A name that every file system takes. */
const plain = (name: string) => encodeURIComponent(name).replace(/[%*]/g, '_');
