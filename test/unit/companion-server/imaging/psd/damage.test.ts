import { ImageError } from '@emoeditor/companion-server/imaging/imageError.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import {
  packedLimit,
  packRow,
  unpackRow,
} from '@emoeditor/companion-server/imaging/psd/packBits.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { edited, halfMask, pixelLayer, psdFile, softLayer } from './documents.ts';

it('rows come back from their runs', () => {
  const runs = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 300 })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(runs, fc.uint8Array({ maxLength: 400 }), (repeated, noise) => {
      const row = Uint8Array.from([
        ...noise,
        ...repeated.flatMap(([value, count]) => Array<number>(count).fill(value)),
        ...noise,
      ]);
      const packed = new Uint8Array(packedLimit(row.length));
      const end = packRow(row, packed, 0);
      const back = new Uint8Array(row.length);
      unpackRow(packed.subarray(0, end), back);
      expect(back).toEqual(row);
      if (row.length > 0) {
        expect(() => unpackRow(packed.subarray(0, end - 1), back)).toThrow(RangeError);
      }
    }),
  );
});

it('a document with any byte wrong is edited or refused in a sentence', async () => {
  const whole = psdFile([
    pixelLayer('Below', 3),
    { name: 'Group', children: [softLayer('Photo', 90, { mask: halfMask() })] },
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 }),
      fc.integer({ min: 4, max: whole.length }),
      fc.boolean(),
      async (flips, length, isCut) => {
        const bytes = new Uint8Array(isCut ? whole.subarray(0, length) : whole);
        for (const [at, value] of flips) if (at >= 4) bytes[at] = value;
        try {
          await documentFrom(bytes, 'a.psd');
          await edited(bytes, { change: (value) => 255 - value });
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      },
    ),
    { numRuns: 30 },
  );
});
