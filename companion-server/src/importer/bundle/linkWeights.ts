import { link, realpath, rm } from 'node:fs/promises';
import type { Bundle } from '../../models/bundle.ts';
import { ImportError } from '../importError.ts';
import type { PartialBundle } from './partialBundle.ts';

/**
 * Makes the user's file part of the bundle by a second name of the same file: ONNX Runtime takes external data only from
 * the graph's own folder, and neither name depends on the other.
 * @throws ImportError UNSUPPORTED on a drive or a file system that has no such names
 */
export async function linkWeights(
  partial: PartialBundle,
  file: string,
  name: string,
): Promise<Bundle['files'][number]> {
  await rm(partial.path(name), { force: true });
  // Download caches hold symbolic links; the second name must be one of the file itself.
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
