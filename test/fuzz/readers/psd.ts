import type { SourceChoice } from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { expectHinted } from './expectHinted.ts';

const CHOICES: readonly SourceChoice[] = [
  { kind: 'topmost' },
  { kind: 'visible' },
  { kind: 'named', name: 'Photo' },
];
const TARGET = { path: 'o.psd', layerName: 'Awe', above: null, isSmartObject: false, note: null };
/** Larger pictures take their time for no other code. */
const MOST_PIXELS = 128 * 128;

/** The first byte chooses what is edited, the others are the file: opened, and saved with its own pixels as the result. */
export async function fuzz(bytes: Buffer): Promise<void> {
  const how = bytes[0] ?? 0;
  const file = Buffer.from(bytes.subarray(1));
  file.set([0x38, 0x42, 0x50, 0x53].slice(0, file.length));
  await expectHinted(async () => {
    const choice = CHOICES[how % CHOICES.length] as SourceChoice;
    const document = await documentFrom(file, 'a.psd', choice);
    const { width, height } = document.pixels.format;
    if (width * height > MOST_PIXELS) return;
    const path = file[5] === 2 ? 'o.psb' : 'o.psd';
    await document.encode(document.pixels, { ...TARGET, path, isSmartObject: how >= 128 });
  });
}
