import type { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import { ImportError } from '@emoeditor/companion-server/importer/importError.ts';
import { expect } from 'vitest';

type Opened = Pick<Awaited<ReturnType<typeof openSafetensors>>, 'shapes' | 'read' | 'close'>;

/** Opens a checkpoint and reads every tensor. False where that is refused, which must be by an ImportError. */
export async function readsWhole(open: () => Promise<Opened>): Promise<boolean> {
  try {
    const file = await open();
    try {
      for (const name of file.shapes.keys()) await file.read(name);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ImportError);
    return false;
  }
}
