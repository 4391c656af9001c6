import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { readsWhole } from './readsWhole.ts';

const GOLDEN = join(import.meta.dirname, '../../golden/text/model.safetensors');
const folder = temporaryFolder();
const path = () => folder('fuzz.safetensors');

const readWhole = () => readsWhole(() => openSafetensors(path()));

it('random changes to the header of a safetensors file are read or refused', async () => {
  const original = await readFile(GOLDEN);
  const header = 8 + Number(original.readBigUInt64LE());
  const change = fc.record({ at: fc.nat(header - 1), byte: fc.integer({ min: 0, max: 255 }) });
  const digit = fc.record({ at: fc.nat(header - 1), byte: fc.integer({ min: 0x30, max: 0x39 }) });
  const counts = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(change, digit), { minLength: 1, maxLength: 3 }),
      fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, fc.nat(original.length)),
      async (changes, cut) => {
        const bytes = Buffer.from(original);
        for (const { at, byte } of changes) bytes[at] = byte;
        await writeFile(path(), bytes.subarray(0, cut ?? bytes.length));
        counts[(await readWhole()) ? 'read' : 'refused']++;
      },
    ),
    { numRuns: 400, seed: 3 },
  );
  expect(counts.read).toBeGreaterThan(10);
  expect(counts.refused).toBeGreaterThan(100);
});
