import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../models/bundle.ts';
import { DEFAULT_INSTRUCTIONS } from '../../models/defaultInstructions.ts';
import { INSTRUCTIONS_FILE } from '../../models/instructionLists.ts';
import { type ClipVocabulary, vocabularyFiles } from '../../text/clipVocabulary.ts';
import type { BundledPredictor, ModelSource } from '../sources/modelSource.ts';
import type { PartialBundle } from './partialBundle.ts';

/** Writes the files of a bundle other than the graphs built for it. */
export async function writeExtras(
  partial: PartialBundle,
  { conditioning, text, predictor }: Pick<ModelSource, 'conditioning' | 'text' | 'predictor'>,
): Promise<Bundle['files']> {
  const words = conditioning.kind === 'instruction' ? conditioning : text;
  return [
    ...(words === undefined ? [] : await writeTextFiles(partial, words.vocabulary)),
    ...('bundle' in predictor ? await copyPredictor(partial, predictor) : []),
  ];
}

/** Writes the tokenizer, and the instructions, which have no checksum because the user may edit them. */
async function writeTextFiles(
  partial: PartialBundle,
  vocabulary: ClipVocabulary,
): Promise<Bundle['files']> {
  const files: Bundle['files'] = [];
  for (const [name, text] of Object.entries(vocabularyFiles(vocabulary))) {
    await writeFile(partial.path(name), text);
    files.push(await partial.finish(name));
  }
  const json = JSON.stringify(DEFAULT_INSTRUCTIONS, null, 2);
  await writeFile(partial.path(INSTRUCTIONS_FILE), `${json}\n`);
  return files;
}

/** Copies the graphs and weights of another bundle's predictor. */
async function copyPredictor(
  partial: PartialBundle,
  { folder, bundle }: BundledPredictor,
): Promise<Bundle['files']> {
  const files: Bundle['files'] = [];
  for (const { name } of bundle.files.filter((file) => file.name.startsWith('predictor.'))) {
    await copyFile(join(folder, name), partial.path(name));
    files.push(await partial.finish(name));
  }
  return files;
}
