/**
 * IPTC records as properties of XMP, for containers that have no place for the records themselves (WebP, AVIF).
 * @see IPTC Photo Metadata Standard, “IIM and XMP properties”
 */

/** Records of the second group: name in XMP, and how its values are collected there. */
const PROPERTIES: Readonly<Record<number, { name: string; form?: 'Alt' | 'Bag' | 'Seq' }>> = {
  5: { name: 'dc:title', form: 'Alt' },
  25: { name: 'dc:subject', form: 'Bag' },
  40: { name: 'photoshop:Instructions' },
  80: { name: 'dc:creator', form: 'Seq' },
  85: { name: 'photoshop:AuthorsPosition' },
  90: { name: 'photoshop:City' },
  95: { name: 'photoshop:State' },
  101: { name: 'photoshop:Country' },
  103: { name: 'photoshop:TransmissionReference' },
  105: { name: 'photoshop:Headline' },
  110: { name: 'photoshop:Credit' },
  115: { name: 'photoshop:Source' },
  116: { name: 'dc:rights', form: 'Alt' },
  120: { name: 'dc:description', form: 'Alt' },
  122: { name: 'photoshop:CaptionWriter' },
};
const NAMESPACES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"';
const EMPTY =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>';

/** The packet with what the records say and it does not; null when neither says anything. */
export function xmpWithIptc(packet: string | null, records: Uint8Array | null): string | null {
  const values = records === null ? new Map<number, string[]>() : textsOf(records);
  const before = packet ?? EMPTY;
  const end = before.lastIndexOf('</rdf:RDF>');
  const missing = Object.entries(PROPERTIES).flatMap(([record, { name, form }]) => {
    const texts = values.get(Number(record)) ?? [];
    return texts.length === 0 || before.includes(name) ? [] : [element(name, form, texts)];
  });
  if (end === -1 || missing.length === 0) return packet;
  const about = /rdf:about\s*=\s*["']([^"']*)["']/.exec(before)?.[1] ?? '';
  const description = `<rdf:Description rdf:about="${about}" ${NAMESPACES}>${missing.join('')}</rdf:Description>`;
  return `${before.slice(0, end)}${description}${before.slice(end)}`;
}

function element(name: string, form: string | undefined, texts: readonly string[]): string {
  if (form === undefined) return `<${name}>${escaped(texts[0] as string)}</${name}>`;
  const language = form === 'Alt' ? ' xml:lang="x-default"' : '';
  const items = texts.map((text) => `<rdf:li${language}>${escaped(text)}</rdf:li>`);
  const kept = form === 'Alt' ? items.slice(0, 1) : items;
  return `<${name}><rdf:${form}>${kept.join('')}</rdf:${form}></${name}>`;
}

/** Values of the second group by record number. A record is 0x1c, group, number, length in two bytes, value. */
function textsOf(records: Uint8Array): Map<number, string[]> {
  const file = Buffer.from(records);
  const found = new Map<number, string[]>();
  for (let at = 0; at + 5 <= file.length && file[at] === 0x1c; ) {
    const [group, number, length] = [
      file[at + 1],
      file[at + 2] as number,
      file.readUInt16BE(at + 3),
    ];
    // The highest bit announces a longer form that no text uses.
    if (length > 0x7fff || at + 5 + length > file.length) break;
    const text = decoded(file.subarray(at + 5, at + 5 + length));
    if (group === 2 && text !== '') found.set(number, [...(found.get(number) ?? []), text]);
    at += 5 + length;
  }
  return found;
}

/** UTF-8 where it is that, else Latin 1: few writers declare which. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replace(/[&<>]/g, (letter) => ENTITIES[letter] as string);
