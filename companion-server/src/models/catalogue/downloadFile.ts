import type { FileHandle } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { CatalogueFile } from './catalogue.ts';
import { DownloadError } from './downloadError.ts';
import { createPartialFile, type PartialFile } from './partialFile.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes of this file that have arrived, those of earlier starts included. */
  readonly onProgress?: (bytes: number) => void;
  /** Milliseconds before the second try of an address; each further one waits twice as long. */
  readonly patience?: number;
}

/** Tries per address. */
const TRIES = 4;
const PATIENCE = 1000;

/** Outcome of one try: the file is complete, try again, or give this address up. */
type Outcome =
  | { readonly kind: 'arrived' }
  | { readonly kind: 'again'; readonly error: DownloadError }
  | { readonly kind: 'elsewhere'; readonly error: DownloadError };

/**
 * Downloads one file to `target`, going on where an earlier try or start stopped, and compares its checksum before it
 * gets its name. Goes from address to address.
 * @throws DownloadError OFFLINE, REFUSED, INTERRUPTED (what has arrived is kept), CHECKSUM, TOO_LONG (nothing is kept);
 * the signal's reason (what has arrived is kept)
 */
export async function downloadFile(
  { urls, sha256, bytes }: Pick<CatalogueFile, 'urls' | 'sha256' | 'bytes'>,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const { signal, patience = PATIENCE } = options;
  const part = createPartialFile(target);
  const failures: DownloadError[] = [];
  for (const url of urls) {
    let last: DownloadError | null = null;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) await wait(patience * 2 ** (attempt - 1), undefined, { signal });
      const outcome = await tryOnce(url, part, bytes, options);
      if (outcome.kind === 'arrived') {
        const found = await part.finish(sha256, signal);
        if (found === null) return;
        last = wrongChecksum(url, sha256, found);
        await part.discard();
        break;
      }
      last = outcome.error;
      if (last.code === 'TOO_LONG') await part.discard();
      if (outcome.kind === 'elsewhere') break;
    }
    if (last !== null) failures.push(last);
  }
  throw allFailed(failures);
}

/** Each address has a reason of its own; what to do follows from the last one. */
function allFailed(failures: readonly DownloadError[]): Error {
  const last = failures.at(-1);
  if (last === undefined) return new RangeError('A file of the catalogue has no address.');
  if (failures.length === 1) return last;
  const reasons = failures.map(({ message }) => message).join(' ');
  return new DownloadError(last.code, reasons, last.hint, last);
}

async function tryOnce(
  url: string,
  part: PartialFile,
  wanted: number,
  { signal, onProgress = () => {} }: DownloadOptions,
): Promise<Outcome> {
  const have = await part.length();
  const version = await part.version();
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: rangeFrom(have, version) });
  } catch (cause) {
    signal.throwIfAborted();
    return { kind: 'again', error: offline(url, cause) };
  }
  // 416: nothing after what we have. The file is complete, or has changed on the server; the checksum decides.
  if (response.status === 416 && have > 0) return { kind: 'arrived' };
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    const kind = response.status >= 500 || response.status === 429 ? 'again' : 'elsewhere';
    return { kind, error: refused(url, response.status) };
  }
  const { from, total } = extentOf(response, have);
  if (total !== null && total > wanted) {
    await response.body.cancel();
    return { kind: 'elsewhere', error: tooLong(url, wanted) };
  }
  const file = await part.continueAt(from, response.headers.get('etag'));
  try {
    const end = await append(file, response.body, { from, wanted }, onProgress);
    if (end > wanted) return { kind: 'elsewhere', error: tooLong(url, wanted) };
    return total === null || end >= total
      ? { kind: 'arrived' }
      : { kind: 'again', error: interrupted(url, end, total) };
  } catch (cause) {
    signal.throwIfAborted();
    return { kind: 'again', error: interrupted(url, await part.length(), total, cause) };
  } finally {
    await file.close();
  }
}

function rangeFrom(have: number, version: string | null): Record<string, string> {
  // Ranges must count bytes of the file itself, so no compression.
  const plain = { 'accept-encoding': 'identity' };
  if (have === 0) return plain;
  const isStrong = version !== null && !version.startsWith('W/');
  return { ...plain, range: `bytes=${have}-`, ...(isStrong ? { 'if-range': version } : {}) };
}

/**
 * Start of a response and length of the whole file, null when the server does not say. A response may start elsewhere
 * than requested if that leaves no gap, and may be shorter than requested.
 */
function extentOf(
  { status, headers }: Response,
  have: number,
): { readonly from: number; readonly total: number | null } {
  const length = headers.get('content-length');
  const isPart = status === 206;
  const range = /^bytes (\d+)-\d+\/(\d+)?/.exec(headers.get('content-range') ?? '');
  const from = isPart ? Math.min(Number(range?.[1] ?? have), have) : 0;
  if (isPart && range?.[2] !== undefined) return { from, total: Number(range[2]) };
  return { from, total: length === null ? null : from + Number(length) };
}

/** @returns the position of the end, beyond `wanted` when more came than that; the rest is not taken */
async function append(
  file: FileHandle,
  body: ReadableStream<Uint8Array>,
  { from, wanted }: { readonly from: number; readonly wanted: number },
  onProgress: (bytes: number) => void,
): Promise<number> {
  let position = from;
  for await (const chunk of body) {
    // One who sends more than the catalogue says would fill the disk.
    if (position + chunk.length > wanted) return position + chunk.length;
    await file.write(chunk, 0, chunk.length, position);
    position += chunk.length;
    onProgress(position);
  }
  return position;
}

const offline = (url: string, cause: unknown) =>
  new DownloadError(
    'OFFLINE',
    `${new URL(url).host} cannot be reached: ${reasonOf(cause)}.`,
    'Check the connection and run the command again: it goes on where it stopped. EmoEditor itself needs no network.',
    cause,
  );

const refused = (url: string, status: number) =>
  new DownloadError(
    'REFUSED',
    `Expected ${url} but the server answers ${status}.`,
    status === 401 || status === 403
      ? 'The file needs an account or consent there: download it by hand and run “emoeditor import”.'
      : 'The catalogue may be out of date: look for a newer one, or download the file by hand.',
  );

const interrupted = (url: string, bytes: number, total: number | null, cause?: unknown) =>
  new DownloadError(
    'INTERRUPTED',
    `The connection to ${new URL(url).host} broke after ${bytes}${total === null ? '' : ` of ${total}`} bytes.`,
    'Run the command again: it goes on where it stopped.',
    cause,
  );

const tooLong = (url: string, wanted: number) =>
  new DownloadError(
    'TOO_LONG',
    `Expected ${wanted} bytes from ${url} but it sends more.`,
    'The file was replaced by another, or the catalogue is out of date. Nothing of it was kept.',
  );

const wrongChecksum = (url: string, expected: string, found: string) =>
  new DownloadError(
    'CHECKSUM',
    `Expected ${url} to have the SHA-256 ${expected} but it has ${found}.`,
    'The file was damaged on the way or replaced by another. It was removed; run the command again, and if this repeats do not use that file.',
  );

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}
