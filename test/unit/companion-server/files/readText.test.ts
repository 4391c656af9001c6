import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { readText } from '@emoeditor/companion-server/files/readText.ts';
import { readConfig } from '@emoeditor/companion-server/importer/sources/readConfig.ts';
import { readInstructionLists } from '@emoeditor/companion-server/models/instructionLists.ts';
import { readBank } from '@emoeditor/companion-server/scene/bank/readBank.ts';
import { readEmbeddings } from '@emoeditor/companion-server/scene/bank/readEmbeddings.ts';
import { readLeads } from '@emoeditor/companion-server/scene/planner/readLeads.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');

/** What reads a file beside the weights of a bundle or of a model to import; its name, and the reader. */
const READERS = [
  ['instructions.json', () => readBank(folder())],
  ['instructions.json', () => readInstructionLists(folder())],
  ['leads.json', () => readLeads(folder())],
  ['instructions.safetensors', () => readEmbeddings(folder())],
  ['config.json', () => readConfig(folder('config.json'), z.object({}))],
] as const;

/** What would block whoever opens it, or never end, or fill the memory. */
const TRAPS = [
  ['a pipe', async (path: string) => void execFileSync('mkfifo', [path])],
  ['a link to a device', (path: string) => symlink('/dev/zero', path)],
  ['a folder', (path: string) => mkdir(path)],
  [
    'a gigabyte',
    async (path: string) => {
      await writeFile(path, '');
      await truncate(path, 2 ** 30);
    },
  ],
] as const;

describe.skipIf(process.platform === 'win32').each(TRAPS)('%s', (_what, make) => {
  it.each(READERS)('in place of %s is refused in a sentence (reader %#)', async (name, read) => {
    await make(folder(name));
    await expect(read()).rejects.toMatchObject({ hint: expect.any(String) });
    await rm(folder(name), { recursive: true });
  });
});

it('reads a file without the mark that some editors put before it', async () => {
  await writeFile(folder('a.json'), '\uFEFF{}');
  expect(await readText(folder('a.json'))).toBe('{}');
});
