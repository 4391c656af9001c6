import { readFile, stat } from 'node:fs/promises';

/** The largest text of a model, a `tokenizer.json`, has 4 MB. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * A file of a model that is not weights. Pipes, devices and what is too large for such a file are refused: opening a pipe
 * waits for somebody who writes to it, and a device may never end.
 * @throws Error with the reason, NodeJS.ErrnoException
 */
export async function readSmallFile(path: string): Promise<Buffer> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error(`${path} is no file`);
  if (found.size > MOST_BYTES) {
    throw new Error(`expected at most ${MOST_BYTES} bytes, but ${path} has ${found.size}`);
  }
  return readFile(path);
}

/**
 * The text of a small UTF-8 file without the byte order mark that some editors put before it, which is no JSON.
 * @throws as `readSmallFile` does
 */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readSmallFile(path));
}
