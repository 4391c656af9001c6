import type { Extent } from '@emoeditor/shared';
import type { Editor, IterationPictures } from './edit.ts';

/** The VAE's picture of an iteration, made now where that has waited. */
export async function decodedBy(
  editor: Pick<Editor, 'decode'>,
  decodedEdit: IterationPictures['decodedEdit'],
  extent: Extent,
): Promise<Float32Array> {
  return decodedEdit instanceof Float32Array ? decodedEdit : editor.decode(decodedEdit, extent);
}
