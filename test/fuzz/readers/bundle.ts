import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInstructionLists } from '@emoeditor/companion-server/models/instructionLists.ts';
import { readBundle, verifyBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { readSceneBank } from '@emoeditor/companion-server/scene/planner/readSceneBank.ts';
import { expectHinted } from './expectHinted.ts';

const folder = mkdtempSync(join(tmpdir(), 'emoeditor-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const FILES = ['bundle.json', 'instructions.json', 'leads.json', 'instructions.safetensors'];
/** Between two files of a bundle in one input. */
export const SEPARATOR = Buffer.from('\n\0=\0\n');
const never = new AbortController().signal;

/** The files of a bundle one after the other: everything but the networks is read. */
export async function fuzz(bytes: Buffer): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [index, part] of partsOf(bytes).entries()) {
    if (part.length > 0) writeFileSync(join(folder, FILES[index] ?? `${index}`), part);
  }
  await expectHinted(async () => verifyBundle(folder, await readBundle(folder), never));
  await expectHinted(() => readInstructionLists(folder));
  await expectHinted(() => readSceneBank(folder));
}

function partsOf(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  while (parts.length < FILES.length) {
    const end = bytes.indexOf(SEPARATOR, from);
    parts.push(bytes.subarray(from, end < 0 ? bytes.length : end));
    if (end < 0) break;
    from = end + SEPARATOR.length;
  }
  return parts;
}
