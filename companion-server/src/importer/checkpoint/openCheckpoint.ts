import type { Checkpoint } from './checkpoint.ts';
import { openSafetensors } from './safetensors.ts';
import { openSharded } from './shardedCheckpoint.ts';
import { openTorchZip } from './torchZip.ts';

/** With the variant that old releases of diffusers put before the ending. */
const INDEX = /\.index(\.\w+)?\.json$/;

/**
 * Opens weights of whatever format: `.safetensors`, `*.index.json` of several files, and otherwise what torch.save
 * writes, whose many endings (.pt, .pth, .ckpt, .bin) say nothing.
 * @throws ImportError
 */
export function openCheckpoint(path: string): Promise<Checkpoint> {
  return INDEX.test(path) ? openSharded(path, openFile) : openFile(path);
}

const openFile = (path: string): Promise<Checkpoint> =>
  path.endsWith('.safetensors') ? openSafetensors(path) : openTorchZip(path);
