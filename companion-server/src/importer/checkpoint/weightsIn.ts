import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../importError.ts';

const ENDINGS = ['safetensors', 'bin'] as const;
const VARIANTS = ['', '.fp16', '.ema', '.non_ema'] as const;

/**
 * Path of the weights in one folder of a diffusers pipeline: safetensors before pickles, a single file before several
 * with an index, the full precision before a variant.
 * Source: diffusers, utils/hub_utils.py.
 * @param stems names without their endings, such as `diffusion_pytorch_model`
 * @throws ImportError MISSING_FILE naming what was looked for
 */
export async function weightsIn(folder: string, stems: readonly string[]): Promise<string> {
  const there = new Set(await readdir(folder).catch(() => []));
  const names = VARIANTS.flatMap((variant) =>
    ENDINGS.flatMap((ending) => stems.flatMap((stem) => namesOf(stem, variant, ending))),
  );
  const found = names.find((name) => there.has(name));
  if (found !== undefined) return join(folder, found);
  throw new ImportError(
    'MISSING_FILE',
    `Expected weights in ${folder}, such as ${stems.map((stem) => `${stem}.safetensors`).join(' or ')}, but there are none.`,
    'Give the folder of the whole pipeline, with all its parts downloaded.',
  );
}

/** diffusers puts the variant before the index's ending in old releases and in the middle since. */
const namesOf = (stem: string, variant: string, ending: string): string[] => [
  `${stem}${variant}.${ending}`,
  `${stem}.${ending}.index${variant}.json`,
  `${stem}${variant}.${ending}.index.json`,
];
