import type { CompositePart, PixelBuffer } from '@emoeditor/shared';
import type { CompositeSettings, Compositor } from '../compositor/compositor.ts';
import { compositeImage } from '../compositor/tile/compositeImage.ts';
import type { EditableDocument } from '../imaging/editableDocument.ts';
import { isLayered } from '../imaging/openDocument.ts';
import type { ResultKind } from './editJob.ts';

interface Composition {
  readonly compositor: Compositor;
  readonly document: EditableDocument;
  readonly settings: CompositeSettings;
  /** Whether the result is a group of a grade and the content above it. */
  readonly isGroup: boolean;
}

/**
 * The edit at full resolution: one picture, or for a group its grade and its content.
 * @param progress called with the share done, 0..1
 */
export async function compositeResult(
  { compositor, document, settings, isGroup }: Composition,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ readonly pixels: PixelBuffer; readonly content: PixelBuffer | null }> {
  const composite = (part: CompositePart, at: number, parts: number) =>
    compositeImage(compositor, document.pixels, { ...settings, part }, signal, (share) =>
      progress((at + share) / parts),
    );
  if (!isGroup) return { pixels: await composite('all', 0, 1), content: null };
  return { pixels: await composite('grade', 0, 2), content: await composite('content', 1, 2) };
}

/** Grade and content as one picture again. @param content RGBA, whole or not there */
export function flattened(grade: PixelBuffer, content: PixelBuffer): PixelBuffer {
  const { format } = grade;
  const data = grade.data.slice();
  for (let i = 0; i < format.width * format.height; i++) {
    if (content.data[i * 4 + 3] === 0) continue;
    for (let k = 0; k < 3; k++) data[i * format.channels + k] = content.data[i * 4 + k] as number;
  }
  return { format, data };
}

/** How the result is made where the file or the source does not take what is asked for: with a note, as one layer. */
export function resultKindFor(
  { result, output }: { readonly result: ResultKind; readonly output: string },
  { takesGroup }: EditableDocument,
  note: (sentence: string) => void,
): ResultKind {
  if (result === 'layer') return result;
  if (!isLayered(output)) {
    note(`A flat picture holds no ${NAMES[result]}; the result is the picture itself.`);
    return 'layer';
  }
  if (result === 'group' && !takesGroup) {
    note(
      'The layer is half transparent, masked, blended or clipped, so its result must be clipped to it; a group cannot be. The result is one layer.',
    );
    return 'layer';
  }
  return result;
}

const NAMES = { group: 'group', 'smart-object': 'smart object' } as const;
