import { readFile } from 'node:fs/promises';

/** The text of a UTF-8 file without the byte order mark that some editors put before it, which is no JSON. */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readFile(path));
}
