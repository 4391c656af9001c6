import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../config.ts';

/** `emoeditor journal`: what the server has written down of edits that nobody has taken yet. */
export function journalCommand(): Command {
  return new Command('journal')
    .description('show how much of unfinished or untaken edits is on disk, and wipe it')
    .option(
      '--wipe',
      'remove all of it; edits that run now are then lost if the server is killed',
      false,
    )
    .action(showJournal);
}

async function showJournal({ wipe }: { readonly wipe: boolean }): Promise<void> {
  const { journalFolder } = readConfig();
  if (journalFolder === null) return console.log('No journal is kept (EMOEDITOR_JOURNAL=off).');
  const { edits, bytes } = await measure(journalFolder);
  const size = `${edits} ${edits === 1 ? 'edit' : 'edits'}, ${(bytes / 1e6).toFixed(1)} MB`;
  if (!wipe) return console.log(`${journalFolder}: ${size}`);
  await rm(journalFolder, { recursive: true, force: true });
  console.log(`Wiped ${journalFolder}: ${size}.`);
}

async function measure(root: string): Promise<{ readonly edits: number; readonly bytes: number }> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  const edits = new Set(files.map(({ parentPath }) => parentPath)).size;
  return { edits, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
