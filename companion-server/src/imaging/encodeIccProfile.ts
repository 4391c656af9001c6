import type { RgbSpace, ToneCurve } from './colourProfiles.ts';

const HEADER = 128;
const ENTRY = 12;
/** White of the profile connection space, as every version 4 profile has to say it (ICC.1:2022 §7.2.16). */
const D50 = [0.9642, 1, 0.8249] as const;

/**
 * A version 4 display profile of three primaries and one tone curve. Photoshop's own profiles of the same spaces are
 * Adobe's to hand out; the numbers in them are public, and a profile is written from those in a few hundred bytes.
 * Source: ICC.1:2022-05.
 */
export function encodeIccProfile({ name, toXyz, curve }: RgbSpace): Buffer {
  const column = (k: number) => xyz([0, 1, 2].map((row) => toXyz[row * 3 + k] as number));
  const tone = parametric(curve);
  const tags: ReadonlyArray<readonly [string, Buffer]> = [
    ['desc', localised(name)],
    ['cprt', localised('No copyright, use freely')],
    ['wtpt', xyz(D50)],
    ['rXYZ', column(0)],
    ['gXYZ', column(1)],
    ['bXYZ', column(2)],
    ['rTRC', tone],
    ['gTRC', tone],
    ['bTRC', tone],
  ];
  const directory = Buffer.alloc(4 + tags.length * ENTRY);
  directory.writeUInt32BE(tags.length, 0);
  const places = new Map<Buffer, number>();
  let end = HEADER + directory.length;
  for (const [i, [signature, data]] of tags.entries()) {
    if (!places.has(data)) {
      places.set(data, end);
      end += data.length;
    }
    const at = 4 + i * ENTRY;
    directory.write(signature, at, 'latin1');
    directory.writeUInt32BE(places.get(data) as number, at + 4);
    directory.writeUInt32BE(data.length, at + 8);
  }
  return Buffer.concat([header(end), directory, ...places.keys()]);
}

function header(size: number): Buffer {
  const out = Buffer.alloc(HEADER);
  out.writeUInt32BE(size, 0);
  out.writeUInt32BE(0x04400000, 8);
  out.write('mntrRGB XYZ ', 12, 'latin1');
  // A fixed date: the same space gives the same bytes.
  for (const [i, part] of [2026, 1, 1, 0, 0, 0].entries()) out.writeUInt16BE(part, 24 + 2 * i);
  out.write('acsp', 36, 'latin1');
  // Relative colorimetric.
  out.writeUInt32BE(1, 64);
  for (const [i, value] of D50.entries()) out.writeInt32BE(fixed(value), 68 + 4 * i);
  return out;
}

const fixed = (value: number) => Math.round(value * 65536);

/** Type signature, four reserved bytes, the body; a multiple of four bytes long. */
function tagged(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc((8 + body.length + 3) & ~3);
  out.write(type, 0, 'latin1');
  body.copy(out, 8);
  return out;
}

function numbers(values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) out.writeInt32BE(fixed(value), 4 * i);
  return out;
}

const xyz = (values: readonly number[]) => tagged('XYZ ', numbers(values));

function parametric({ g, a, b, c, d }: ToneCurve): Buffer {
  const kind = Buffer.alloc(4);
  kind.writeUInt16BE(3, 0);
  return tagged('para', Buffer.concat([kind, numbers([g, a, b, c, d])]));
}

/** multiLocalizedUnicodeType with one record. */
function localised(text: string): Buffer {
  const unicode = Buffer.from(text, 'utf16le').swap16();
  const head = Buffer.alloc(20);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(12, 4);
  head.write('enUS', 8, 'latin1');
  head.writeUInt32BE(unicode.length, 12);
  head.writeUInt32BE(28, 16);
  return tagged('mluc', Buffer.concat([head, unicode]));
}
