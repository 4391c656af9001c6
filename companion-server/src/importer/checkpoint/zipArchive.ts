import { basename } from 'node:path';
import { ImportError } from '../importError.ts';
import { type ByteFile, damaged, truncated } from './byteFile.ts';

const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
const CENTRAL_HEADER = { signature: 0x02014b50, bytes: 46 };
const END_RECORD = { signature: 0x06054b50, bytes: 22 };
const END_LOCATOR_64 = { signature: 0x07064b50, bytes: 20 };
const END_RECORD_64 = { signature: 0x06064b50, bytes: 56 };
const MAX_COMMENT_BYTES = 0xffff;
const MAX_DIRECTORY_BYTES = 100_000_000;
/** Id of the extra field with values that do not fit 32 bits. */
const ZIP64_FIELD = 1;
const IN_ZIP64 = 0xffffffff;
const STORED = 0;
const ENCRYPTED = 1;

export interface ZipEntry {
  readonly name: string;
  /** Position of its bytes in the file. */
  readonly start: number;
  readonly bytes: number;
  /** Neither compressed nor encrypted. */
  readonly isPlain: boolean;
}

interface Directory {
  readonly start: number;
  readonly bytes: number;
  readonly count: number;
}

/** Whether the file begins like a zip archive with something in it. */
export async function isZip(file: ByteFile): Promise<boolean> {
  if (file.size < 4) return false;
  return view(await file.at(0, 4)).getUint32(0, true) === LOCAL_HEADER.signature;
}

/**
 * Where every entry of a zip archive lies, zip64 included.
 * Source: PKWARE, APPNOTE 6.3.
 * @throws ImportError TRUNCATED, NOT_A_CHECKPOINT (damaged)
 */
export async function readZipEntries(file: ByteFile): Promise<Map<string, ZipEntry>> {
  const directory = await findDirectory(file);
  const bytes = await file.at(directory.start, directory.bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < directory.count; i++) {
    const { header, next } = parseHeader(file, bytes, at);
    if (entries.has(header.name)) throw damaged(file, `holds ${header.name} twice`);
    entries.set(header.name, await locate(file, header, directory.start));
    at = next;
  }
  return entries;
}

/**
 * An entry whose bytes can be read where they lie; PyTorch stores all of its own like that.
 * @throws ImportError UNSUPPORTED
 */
export function plainEntry(file: ByteFile, entry: ZipEntry): ZipEntry {
  if (entry.isPlain) return entry;
  throw new ImportError(
    'UNSUPPORTED',
    `${basename(file.path)} holds ${entry.name} compressed or encrypted, expected it as PyTorch stores it.`,
    'If you packed the checkpoint into a zip file, unpack it and import what was in it.',
  );
}

async function findDirectory(file: ByteFile): Promise<Directory> {
  const length = Math.min(file.size, END_RECORD.bytes + MAX_COMMENT_BYTES + END_LOCATOR_64.bytes);
  const tail = view(await file.at(file.size - length, length));
  let end = length - END_RECORD.bytes;
  while (end >= 0 && tail.getUint32(end, true) !== END_RECORD.signature) end--;
  // The central directory is at the end of a zip file: when it is missing, the file was cut off.
  if (end < 0) throw truncated(file.path, file.size + END_RECORD.bytes, file.size);
  const locator = end - END_LOCATOR_64.bytes;
  const is64 = locator >= 0 && tail.getUint32(locator, true) === END_LOCATOR_64.signature;
  const directory = is64
    ? await readEndRecord64(file, integer64(file, tail, locator + 8))
    : {
        count: tail.getUint16(end + 10, true),
        bytes: tail.getUint32(end + 12, true),
        start: tail.getUint32(end + 16, true),
      };
  const { start, bytes, count } = directory;
  if (start + bytes > file.size) throw truncated(file.path, start + bytes, file.size);
  if (bytes > MAX_DIRECTORY_BYTES || count * CENTRAL_HEADER.bytes > bytes) {
    throw damaged(file, `lists ${count} entries in ${bytes} bytes`);
  }
  return directory;
}

async function readEndRecord64(file: ByteFile, position: number): Promise<Directory> {
  const record = view(await file.at(position, END_RECORD_64.bytes));
  if (record.getUint32(0, true) !== END_RECORD_64.signature) {
    throw damaged(file, `has no zip64 record at byte ${position}`);
  }
  return {
    count: integer64(file, record, 32),
    bytes: integer64(file, record, 40),
    start: integer64(file, record, 48),
  };
}

interface Header {
  readonly name: string;
  readonly bytes: number;
  /** Position of the local header, which lies before the data. */
  readonly header: number;
  readonly isPlain: boolean;
}

function parseHeader(
  file: ByteFile,
  directory: Uint8Array<ArrayBuffer>,
  at: number,
): { header: Header; next: number } {
  const fields = view(directory);
  const end = at + CENTRAL_HEADER.bytes;
  if (end > directory.length || fields.getUint32(at, true) !== CENTRAL_HEADER.signature) {
    throw damaged(file, `has no entry at byte ${at} of its directory`);
  }
  const flags = fields.getUint16(at + 8, true);
  const method = fields.getUint16(at + 10, true);
  const nameBytes = fields.getUint16(at + 28, true);
  const extraBytes = fields.getUint16(at + 30, true);
  const next = end + nameBytes + extraBytes + fields.getUint16(at + 32, true);
  if (next > directory.length) throw damaged(file, 'has a directory that ends within an entry');
  const name = new TextDecoder().decode(directory.subarray(end, end + nameBytes));
  const wide = zip64Field(fields, end + nameBytes, end + nameBytes + extraBytes);
  // The zip64 field has only the values that do not fit 32 bits, in this order.
  const field = (offset: number) => {
    const value = fields.getUint32(at + offset, true);
    if (value !== IN_ZIP64) return value;
    if (wide === null || wide.from + 8 > wide.to) {
      throw damaged(file, `does not say where ${name} is`);
    }
    wide.from += 8;
    return integer64(file, fields, wide.from - 8);
  };
  const bytes = field(24);
  const stored = field(20);
  const isPlain = method === STORED && (flags & ENCRYPTED) === 0;
  if (isPlain && stored !== bytes) throw damaged(file, `gives two sizes of ${name}`);
  return { header: { name, bytes: stored, header: field(42), isPlain }, next };
}

function zip64Field(
  fields: DataView,
  from: number,
  to: number,
): { from: number; to: number } | null {
  let at = from;
  while (at + 4 <= to) {
    const start = at + 4;
    const end = start + fields.getUint16(at + 2, true);
    if (end > to) return null;
    if (fields.getUint16(at, true) === ZIP64_FIELD) return { from: start, to: end };
    at = end;
  }
  return null;
}

async function locate(
  file: ByteFile,
  { name, bytes, header, isPlain }: Header,
  limit: number,
): Promise<ZipEntry> {
  if (header + LOCAL_HEADER.bytes > limit) throw damaged(file, `puts ${name} outside itself`);
  const local = view(await file.at(header, LOCAL_HEADER.bytes));
  if (local.getUint32(0, true) !== LOCAL_HEADER.signature) {
    throw damaged(file, `has no entry ${name} at byte ${header}`);
  }
  const start = header + LOCAL_HEADER.bytes + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + bytes > limit) throw damaged(file, `puts ${name} outside itself`);
  return { name, start, bytes, isPlain };
}

const view = (bytes: Uint8Array<ArrayBuffer>) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function integer64(file: ByteFile, fields: DataView, at: number): number {
  const value = Number(fields.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw damaged(file, `speaks of byte ${value}`);
  return value;
}
