import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { graphFile } from '../models/bundle.ts';
import { findBundle } from '../models/bundleStore.ts';
import { readBundle } from '../models/readBundle.ts';
import { type EmotionReader, openEmotionReader } from './emotionReader.ts';
import { EvaluationError } from './evaluationError.ts';

const JUDGE = 'judge.json';
const GRAPH = 'judge.onnx';
const judgeSchema = z.looseObject({
  inputSize: z.int().positive(),
  architecture: z.string().optional(),
});

/** Predictors that judge, by name: the bundle's own `predictor`, and a `judge` that no method knows. */
export type Judges = Readonly<Record<string, EmotionReader>>;

/**
 * Opens the predictor of a bundle and, where there is one, the second judge.
 * @param bundle name or folder; null: the starter
 * @param judge folder with `judge.onnx` and `judge.json`
 * @throws ModelError, EvaluationError BAD_CONFIG, the runtime's errors
 */
export async function openJudges(
  bundle: string | null,
  judge: string | null,
  threads: number,
): Promise<Judges> {
  const folder = await findBundle(bundle);
  const { predictor } = await readBundle(folder);
  const own = join(folder, graphFile('predictor'));
  const judges: Record<string, EmotionReader> = {
    predictor: await openEmotionReader(own, predictor.inputSize, threads),
  };
  if (judge !== null) {
    const { inputSize } = await readJudge(judge);
    judges['judge'] = await openEmotionReader(join(judge, GRAPH), inputSize, threads);
  }
  return judges;
}

/**
 * What tells one judge from another: the hash of its graph.
 * @throws EvaluationError BAD_CONFIG
 */
export async function judgeHash(folder: string): Promise<string> {
  await readJudge(folder);
  const graph = await readFile(join(folder, GRAPH)).catch((cause: unknown) => {
    throw noJudge(folder, cause);
  });
  return createHash('sha256').update(graph).digest('hex');
}

async function readJudge(folder: string): Promise<z.infer<typeof judgeSchema>> {
  try {
    return judgeSchema.parse(JSON.parse(await readFile(join(folder, JUDGE), 'utf8')));
  } catch (cause) {
    throw noJudge(folder, cause);
  }
}

const noJudge = (folder: string, cause: unknown) =>
  new EvaluationError(
    'BAD_CONFIG',
    `${folder} is no judge: expected ${JUDGE} with “inputSize” and ${GRAPH} there.`,
    'Give such a folder as “judge”, for example bench/judge, or leave it out.',
    cause,
  );
