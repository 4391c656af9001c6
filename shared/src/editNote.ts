/** What the note on an edit says. */
export interface EditNote {
  /** Name of the model bundle. */
  readonly model: string;
  /** The target in words. */
  readonly emotion: string;
  readonly seed: number;
  /** Percent. */
  readonly intensity: number;
}

/** IPTC's controlled vocabulary of digital source types: a photograph with parts made by a trained model. */
const SOURCE_TYPE =
  'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';
const IPTC_EXTENSION = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
const OWN = 'urn:emoeditor:xmp:1.0#';

const EMPTY = `<?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;

/** The packet with the note on an edit, in place of an earlier one. A packet that is none stays as it is. */
export function annotatedXmp(packet: string | null, note: EditNote): string {
  const before = withoutNote(packet ?? EMPTY);
  const end = before.lastIndexOf('</rdf:RDF>');
  if (end === -1) return packet ?? EMPTY;
  const about = /rdf:about\s*=\s*["']([^"']*)["']/.exec(before)?.[1] ?? '';
  const description = [
    `<rdf:Description rdf:about="${about}" xmlns:Iptc4xmpExt="${IPTC_EXTENSION}" xmlns:emoeditor="${OWN}"`,
    `Iptc4xmpExt:DigitalSourceType="${SOURCE_TYPE}"`,
    `emoeditor:Model="${escaped(note.model)}" emoeditor:Emotion="${escaped(note.emotion)}"`,
    `emoeditor:Seed="${note.seed}" emoeditor:Intensity="${note.intensity}"/>`,
  ].join(' ');
  return `${before.slice(0, end)}${description}\n${before.slice(end)}`;
}

/** Without our own earlier note, and without the source type that this one replaces: a property may stand once. */
function withoutNote(packet: string): string {
  const prefix = new RegExp(`xmlns:([\\w-]+)\\s*=\\s*["']${IPTC_EXTENSION}["']`).exec(packet)?.[1];
  const own = packet.replace(
    new RegExp(`<rdf:Description\\b[^>]*xmlns:emoeditor="${OWN}"[^>]*/>\\s*`, 'g'),
    '',
  );
  if (prefix === undefined) return own;
  const property = `${prefix}:DigitalSourceType`;
  return own
    .replace(new RegExp(`\\s${property}\\s*=\\s*("[^"]*"|'[^']*')`, 'g'), '')
    .replace(new RegExp(`<${property}\\b[^>]*/>\\s*`, 'g'), '')
    .replace(new RegExp(`<${property}\\b[^>]*>[^]*?</${property}>\\s*`, 'g'), '');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<"]/g, (letter) => ENTITIES[letter] as string);
