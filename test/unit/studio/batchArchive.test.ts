import { strFromU8, strToU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { BatchArchive } from '../../../studio/src/batchArchive.ts';

describe('BatchArchive', () => {
  it('keeps every document, also two of one name', async () => {
    const archive = new BatchArchive();
    expect(archive.isEmpty).toBe(true);
    for (const [name, text] of [
      ['a.psd', 'first'],
      ['a.psd', 'second'],
      ['a 2.psd', 'third'],
      ['bare', 'fourth'],
    ] as const)
      archive.add(name, strToU8(text));
    expect(archive.isEmpty).toBe(false);
    const files = unzipSync(new Uint8Array(await archive.finish().arrayBuffer()));
    expect(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)] as const)).toEqual(
      [
        ['a.psd', 'first'],
        ['a 2.psd', 'second'],
        ['a 2 2.psd', 'third'],
        ['bare', 'fourth'],
      ],
    );
  });
});
