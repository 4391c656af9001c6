import { open } from 'node:fs/promises';

export interface ZipRecord {
  readonly name: string;
  readonly bytes: number;
  /** Its contents in order, in chunks of any size. */
  readonly chunks: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Bytes on which PyTorch lets every record start. */
const ALIGNMENT = 64;

/** Writes a zip64 archive of stored records as PyTorch's writer does: aligned, and with a zip64 record at its end. */
export async function writeZipArchive(path: string, records: Iterable<ZipRecord>): Promise<void> {
  const file = await open(path, 'w');
  try {
    let at = 0;
    const write = async (bytes: Uint8Array) => {
      await file.write(bytes, 0, bytes.length, at);
      at += bytes.length;
    };
    const directory: Buffer[] = [];
    for (const { name, bytes, chunks } of records) {
      const start = at;
      const free = 30 + name.length + 4;
      await write(localHeader(name, (ALIGNMENT - ((at + free) % ALIGNMENT)) % ALIGNMENT));
      for await (const chunk of chunks()) await write(chunk);
      directory.push(centralHeader(name, bytes, start));
    }
    const start = at;
    for (const header of directory) await write(header);
    await write(endRecords(directory.length, at - start, start));
  } finally {
    await file.close();
  }
}

/** @param padding bytes of the extra field, which puts the data on its boundary */
function localHeader(name: string, padding: number): Buffer {
  const header = Buffer.alloc(30 + name.length + 4 + padding);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(45, 4);
  // Sizes stand in the directory alone, as the flag of a streamed entry says.
  header.writeUInt16LE(0x808, 6);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(4 + padding, 28);
  header.write(name, 30);
  header.write('FB', 30 + name.length);
  header.writeUInt16LE(padding, 30 + name.length + 2);
  return header;
}

function centralHeader(name: string, bytes: number, start: number): Buffer {
  const header = Buffer.alloc(46 + name.length + 28);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(0x808, 8);
  header.writeUInt32LE(0xffffffff, 20);
  header.writeUInt32LE(0xffffffff, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(28, 30);
  header.writeUInt32LE(0xffffffff, 42);
  header.write(name, 46);
  const extra = 46 + name.length;
  header.writeUInt16LE(1, extra);
  header.writeUInt16LE(24, extra + 2);
  header.writeBigUInt64LE(BigInt(bytes), extra + 4);
  header.writeBigUInt64LE(BigInt(bytes), extra + 12);
  header.writeBigUInt64LE(BigInt(start), extra + 20);
  return header;
}

function endRecords(count: number, bytes: number, start: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(start + bytes), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.writeUInt16LE(0xffff, 84);
  end.writeUInt16LE(0xffff, 86);
  end.writeUInt32LE(0xffffffff, 88);
  end.writeUInt32LE(0xffffffff, 92);
  return end;
}
