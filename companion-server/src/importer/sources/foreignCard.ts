import { basename, extname } from 'node:path';
import type { ModelSource } from './modelSource.ts';
import type { SourceOptions } from './sourceOptions.ts';

const LICENCE =
  'not stated in the checkpoint; ask its author (Stable Diffusion 1 is CreativeML Open RAIL-M)';

/**
 * The card of a model that came without one.
 * @param path what the user gave
 * @param files that its tensors lie in
 */
export function foreignCard(
  path: string,
  files: readonly string[],
  { name, licence }: SourceOptions,
): ModelSource['card'] {
  return {
    name: name ?? basename(path, extname(path)),
    version: '1',
    licence: licence ?? LICENCE,
    limits: [
      'Imported from a checkpoint: how well it edits was not measured here.',
      'Configs were inferred from the shapes of its tensors.',
    ],
    importedFrom: files.map((file) => basename(file)),
  };
}
