import { link, realpath, rm } from 'node:fs/promises';
import type { Bundle } from '../../models/bundle.ts';
import { ImportError } from '../importError.ts';
import type { PartialBundle } from './partialBundle.ts';

/**
 * Adds the user's file to the bundle as a hard link: ONNX Runtime reads external data only from the graph's own folder,
 * and the link survives a move of the original name.
 * @throws ImportError UNSUPPORTED on another drive, or on a file system without hard links
 */
export async function linkWeights(
  partial: PartialBundle,
  file: string,
  name: string,
): Promise<Bundle['files'][number]> {
  await rm(partial.path(name), { force: true });
  // Download caches hold symbolic links; the hard link must be to the file itself.
  await link(await realpath(file), partial.path(name)).catch((cause: unknown) => {
    throw new ImportError(
      'UNSUPPORTED',
      `${file} cannot have a second name in ${partial.path('')}.`,
      'Put the bundle on the same drive as the checkpoint, or import without --link.',
      cause,
    );
  });
  return partial.finish(name);
}
