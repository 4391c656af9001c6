import { annotatedXmp, type EditNote } from '@emoeditor/shared';
import type { PhotoshopModule } from './photoshopModule.ts';

const PROPERTY = 'XMPMetadataAsUTF8';

/**
 * Puts the note on an edit into the document's XMP metadata, so that files that are saved of it have it. Photoshop does
 * not promise that metadata can be written from here: an edit is none the worse without.
 */
export async function noteInDocument(
  { action }: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  note: EditNote,
): Promise<void> {
  const target = [{ _property: PROPERTY }, { _ref: 'document', _id: documentId }];
  const [answer] = (await action.batchPlay([{ _obj: 'get', _target: target }], {})) as readonly {
    readonly [PROPERTY]?: unknown;
  }[];
  const packet = answer?.[PROPERTY];
  const xmp = annotatedXmp(typeof packet === 'string' && packet !== '' ? packet : null, note);
  const to = { _obj: 'document', [PROPERTY]: xmp };
  await action.batchPlay([{ _obj: 'set', _target: target, to }], {});
}
