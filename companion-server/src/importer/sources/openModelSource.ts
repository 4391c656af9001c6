import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../files/onDisk.ts';
import { checkpointFilesIn } from '../checkpoint/checkpointFilesIn.ts';
import { ImportError } from '../importError.ts';
import { readCheckpoints } from './checkpointSource.ts';
import { DIFFUSERS_INDEX, readDiffusersFolder } from './diffusersFolder.ts';
import { CARD_FILE, readExportFolder } from './exportFolder.ts';
import type { ModelSource } from './modelSource.ts';
import type { SourceOptions } from './sourceOptions.ts';

/**
 * Opens a model in any supported form:
 * - the export folder of our training (`card.json`),
 * - a diffusers folder (`model_index.json`),
 * - a checkpoint file: the authors' `model_ip2p.pt`, a `.ckpt` of CompVis' code, `.safetensors`,
 * - a folder of such files, as the authors publish theirs.
 * @throws ImportError
 */
export async function openModelSource(
  path: string,
  options: SourceOptions = {},
): Promise<ModelSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ImportError('MISSING_FILE', `${path} is not there.`, 'Check the path.', cause);
  });
  if (!found.isDirectory()) return readCheckpoints([path], path, options);
  if (await exists(join(path, CARD_FILE))) return readExportFolder(path, options);
  if (await exists(join(path, DIFFUSERS_INDEX))) return readDiffusersFolder(path, options);
  const files = await checkpointFilesIn(path);
  if (files.length > 0) return readCheckpoints(files, path, options);
  throw new ImportError(
    'MISSING_FILE',
    `Expected a model in ${path}: ${CARD_FILE} of our training, ${DIFFUSERS_INDEX} of diffusers, or checkpoint files. None of them is there.`,
    'Give the folder itself, not the one above it, or the checkpoint file.',
  );
}
