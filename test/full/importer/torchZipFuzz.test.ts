import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTorchZip } from '@emoeditor/companion-server/importer/checkpoint/torchZip.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeZipArchive } from '../../fakes/checkpoints/zipArchive.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { readsWhole } from './readsWhole.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/checkpoints');
const folder = temporaryFolder();
const path = () => folder('fuzz.pt');

const readWhole = () => readsWhole(() => openTorchZip(path()));

const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });

it('random changes to an archive of PyTorch are read or refused', async () => {
  const originals = await Promise.all(
    ['plain.pt', 'lightning.ckpt', 'protocol4.pt'].map((name) => readFile(join(GOLDEN, name))),
  );
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.nat()),
      async (original, changes, cut) => {
        const bytes = Buffer.from(original);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        await writeFile(path(), cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
        if (await readWhole()) read++;
      },
    ),
    { numRuns: 400, seed: 1 },
  );
  // Most bytes are tensors: a good share of the files must still be readable, or nothing was tested.
  expect(read).toBeGreaterThan(20);
});

const OPCODES = [
  ...Buffer.from('()]}NJKMGXctRbQqhjrseau0123l d'),
  0x80,
  0x81,
  0x85,
  0x86,
  0x87,
  0x88,
  0x8a,
  0x8c,
  0x93,
  0x94,
];
const NAMES = [
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'ccollections\nOrderedDict\n',
  'ctorch\nFloatStorage\n',
  'cos\nsystem\n',
  'X\x01\x00\x00\x00w',
];

it('random pickles are read or refused', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...OPCODES).map((code) => Buffer.from([code])),
    fc.constantFrom(...NAMES).map((name) => Buffer.from(name, 'latin1')),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const root = Buffer.concat([Buffer.from([0x80, 2]), ...pieces, Buffer.from('.')]);
      await writeZipArchive(path(), [
        { name: 'a/data.pkl', bytes: root.length, chunks: () => [root] },
      ]);
      expect(await readWhole()).toBe(false);
    }),
    { numRuns: 600, seed: 2 },
  );
});
