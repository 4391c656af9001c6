import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '@emoeditor/companion-server/importer/checkpoint/openCheckpoint.ts';
import { expectHinted } from './expectHinted.ts';

const folder = mkdtempSync(join(tmpdir(), 'emoeditor-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The first byte chooses the format, the others are the file: opened, and every tensor read. */
export async function fuzz(bytes: Buffer): Promise<void> {
  const path = join(folder, (bytes[0] ?? 0) % 2 === 0 ? 'a.safetensors' : 'a.pt');
  await writeFile(path, bytes.subarray(1));
  await expectHinted(async () => {
    const file = await openCheckpoint(path);
    try {
      for (const name of file.shapes.keys()) {
        file.placeOf(name);
        await file.read(name);
      }
    } finally {
      await file.close();
    }
  });
}
