import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBundle } from '../../../../../companion-server/src/models/readBundle.ts';
import { readBank } from '../../../../../companion-server/src/scene/bank/readBank.ts';
import {
  EMBEDDINGS_FILE,
  readEmbeddings,
} from '../../../../../companion-server/src/scene/bank/readEmbeddings.ts';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

/** Two rows of three, as `embed_bank.py` writes them: the longer type first. */
function fileOf({ ids = ['fear/fog', 'awe/moon'], type = 'I8', rows = 2 } = {}): Uint8Array {
  const header = new TextEncoder().encode(
    JSON.stringify({
      __metadata__: { format: '1', ids: JSON.stringify(ids) },
      scales: { dtype: 'F32', shape: [rows], data_offsets: [0, 8] },
      embeddings: { dtype: type, shape: [rows, 3], data_offsets: [8, 14] },
    }),
  );
  const file = new Uint8Array(8 + header.length + 14);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(new Uint8Array(Float32Array.of(0.5, 0.25).buffer), 8 + header.length);
  file.set(new Uint8Array(Int8Array.of(1, -2, 127, 4, 0, -128).buffer), 16 + header.length);
  return file;
}

describe('text embeddings of a bank', () => {
  const folder = temporaryFolder();
  const readFrom = async (bytes: Uint8Array) => {
    await writeFile(folder(EMBEDDINGS_FILE), bytes);
    return readEmbeddings(folder());
  };

  it('are rows of int8 with a scale each, by id', async () => {
    const { vectors, width } = await readFrom(fileOf());
    expect(width).toBe(3);
    expect([...vectors]).toEqual([
      ['fear/fog', Float32Array.of(0.5, -1, 63.5)],
      ['awe/moon', Float32Array.of(1, 0, -32)],
    ]);
  });

  it.each([
    ['is too short', new Uint8Array(3), /expected a header, but it has 3 bytes/],
    ['is cut off', fileOf().slice(0, -1), /expected 6 bytes from 8 on/],
    [
      'has a header that is longer than itself',
      fileOf().slice(0, 40),
      /expected a header of \d+ bytes, but it has 40/,
    ],
    ['lacks ids', fileOf({ ids: ['fear/fog'] }), /expected 2 ids, one a row, but got 1/],
    ['holds other numbers', fileOf({ type: 'F16' }), /I8/],
    ['has another shape', fileOf({ rows: 3 }), /expected 9 bytes/],
  ])('a file that %s', async (_, bytes, sentence) => {
    await expect(readFrom(bytes)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringMatching(sentence),
      hint: expect.stringContaining('emoeditor.embed_bank'),
    });
  });

  it('of the starter are unit vectors in the space of its tokens, one for every instruction', async () => {
    const starter = fileURLToPath(new URL('../../../../../models/starter', import.meta.url));
    const { vectors, width } = await readEmbeddings(starter);
    const { instructions } = await readBank(starter);
    const { conditioning } = await readBundle(starter);
    expect([...vectors.keys()]).toEqual(instructions.map(({ id }) => id));
    expect(width).toBe(conditioning.tokens * conditioning.width);
    for (const vector of vectors.values()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 2);
    }
  });
});
