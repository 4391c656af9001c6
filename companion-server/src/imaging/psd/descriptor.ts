import { uint32 } from './encodeLayer.ts';

/** A value of a descriptor, with the type that Photoshop reads it as. */
export type DescriptorValue =
  | { readonly text: string }
  | { readonly long: number }
  | { readonly double: number }
  /** `unit` is four letters: `#Pxl` pixels, `#Rsl` pixels per inch. */
  | { readonly unit: string; readonly double: number }
  | { readonly enum: string; readonly value: string }
  | { readonly list: readonly DescriptorValue[] }
  | Descriptor;

export interface Descriptor {
  readonly classId: string;
  readonly items: Readonly<Record<string, DescriptorValue>>;
}

/** A descriptor behind its version, 16 (Adobe Photoshop File Formats Specification, “Descriptor structure”). */
export function versionedDescriptor(descriptor: Descriptor): Buffer {
  return Buffer.concat([uint32(16), encodeDescriptor(descriptor)]);
}

function encodeDescriptor({ classId, items }: Descriptor): Buffer {
  const entries = Object.entries(items);
  return Buffer.concat([
    unicode(''),
    key(classId),
    uint32(entries.length),
    ...entries.flatMap(([name, value]) => [key(name), encodeValue(value)]),
  ]);
}

function encodeValue(value: DescriptorValue): Buffer {
  if ('text' in value) return typed('TEXT', unicode(value.text));
  if ('long' in value) return typed('long', uint32(value.long));
  if ('unit' in value) {
    return typed('UntF', Buffer.from(value.unit, 'latin1'), double(value.double));
  }
  if ('double' in value) return typed('doub', double(value.double));
  if ('enum' in value) return typed('enum', key(value.enum), key(value.value));
  if ('list' in value) {
    return typed('VlLs', uint32(value.list.length), ...value.list.map(encodeValue));
  }
  return typed('Objc', encodeDescriptor(value));
}

const typed = (type: string, ...parts: readonly Buffer[]) =>
  Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);

/** The one name of four letters here that is no number of Photoshop's. */
const NAMES: readonly string[] = ['warp'];

/** Names that Photoshop has a number for are those four letters, with no length before them. */
function key(name: string): Buffer {
  const isNumber = name.length === 4 && !NAMES.includes(name);
  return Buffer.concat([uint32(isNumber ? 0 : name.length), Buffer.from(name, 'latin1')]);
}

/** Text in UTF-16 with its closing zero, which its length counts. */
export function unicode(text: string): Buffer {
  const letters = Buffer.from(`${text}\0`, 'utf16le').swap16();
  return Buffer.concat([uint32(letters.length / 2), letters]);
}

export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
