import { dirname, resolve } from 'node:path';
import { pictureExtension } from '../imaging/writePicture.ts';
import { exists, isFolder } from '../onDisk.ts';
import { UsageError } from './usageError.ts';

/**
 * Refuses an output that could not be written at the end, before the work begins.
 * @throws UsageError
 */
export async function usableOutput(
  input: string,
  output: string,
  overwrite: boolean,
): Promise<void> {
  if (resolve(input) === resolve(output)) {
    throw new UsageError(
      `${output} is the input itself.`,
      'Give another file to --out: the photograph is never overwritten.',
    );
  }
  if (!output.toLowerCase().endsWith('.psd') && pictureExtension(output) === null) {
    throw new UsageError(
      `${output} has no ending that says how to save it.`,
      'Use .png, .jpg, .tif, .webp or .psd.',
    );
  }
  await freePlace(output, overwrite);
}

/**
 * Refuses a file whose folder is missing, or that exists and may not be replaced.
 * @throws UsageError
 */
export async function freePlace(output: string, overwrite: boolean): Promise<void> {
  if (!(await isFolder(dirname(resolve(output))))) {
    throw new UsageError(
      `The folder ${dirname(resolve(output))} does not exist.`,
      'Make it first, or give another file to --out.',
    );
  }
  if ((await exists(output)) && !overwrite) {
    throw new UsageError(
      `${output} exists already.`,
      'Add --overwrite, or give another file to --out.',
    );
  }
}
