import type * as z from 'zod';
import { readText } from '../../files/readText.ts';
import { ImportError } from '../importError.ts';

/** @throws ImportError MISSING_FILE, BAD_CONFIG */
export async function readConfig<S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<z.infer<S>> {
  const text = await readText(path).catch((cause: unknown) => {
    throw new ImportError(
      'MISSING_FILE',
      `Expected ${path} but it cannot be read.`,
      'Give the export folder of a training run or a diffusers folder, complete.',
      cause,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ImportError('BAD_CONFIG', `${path} is no JSON.`, 'Export the model again.', cause);
  }
  return parseConfig(json, schema, path);
}

/**
 * @param where the config, or the file that it was inferred from
 * @throws ImportError BAD_CONFIG
 */
export function parseConfig<S extends z.ZodType>(
  json: unknown,
  schema: S,
  where: string,
): z.infer<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ImportError(
    'BAD_CONFIG',
    `${where} describes a network that this importer does not build: ${reasonsOf(parsed.error)}.`,
    'Supported: UNet2DConditionModel, AutoencoderKL, AutoencoderTiny, PatchAutoencoder, EmotionEncoder, EfficientNet-Lite and ResNet predictors.',
  );
}

/** Each entry with what is wrong with it. */
const reasonsOf = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
