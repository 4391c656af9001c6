import type { PixelBuffer } from '@emoeditor/shared';
import type { CompositeSettings, ElementPart } from '../compositor/compositor.ts';
import { type ApplyTile, compositeImage } from '../compositor/tile/compositeImage.ts';
import type { EditableDocument, LayerAbove, SaveTarget } from '../imaging/editableDocument.ts';
import { isLayered } from '../imaging/openDocument.ts';
import type { PreparedScene } from '../scene/elements/preparedScene.ts';
import type { ResultKind } from './editJob.ts';

interface Composition {
  readonly apply: ApplyTile;
  readonly document: EditableDocument;
  readonly settings: CompositeSettings;
  /** What a group has above its grade, from the bottom up: a name and a part each; null for one layer. */
  readonly above:
    | readonly { readonly name: string; readonly part: CompositeSettings['part'] }[]
    | null;
}

/**
 * The edit at full resolution: one picture, or for a group its grade and the layers above it.
 * @param progress called with the share done, 0..1
 */
export async function compositeResult(
  { apply, document, settings, above }: Composition,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Pick<SaveTarget, 'above'> & { readonly pixels: PixelBuffer }> {
  const parts = 1 + (above?.length ?? 0);
  const composite = (part: NonNullable<CompositeSettings['part']>, at: number) =>
    compositeImage(apply, document.pixels, { ...settings, part }, signal, (share) =>
      progress((at + share) / parts),
    );
  if (above === null) return { pixels: await composite('all', 0), above };
  const pixels = await composite('grade', 0);
  const layers: LayerAbove[] = [];
  for (const [i, { name, part = 'content' }] of above.entries()) {
    layers.push({ name, pixels: await composite(part, i + 1) });
  }
  return { pixels, above: layers };
}

/**
 * Layers of a group above its grade: the content, if any is painted, and an element each, named as a retoucher would.
 * @param scene elements in the order of drawing
 */
export function layersAbove(
  isPainted: boolean,
  scene: PreparedScene | undefined,
): { readonly name: string; readonly part: 'content' | ElementPart }[] {
  const content =
    isPainted || scene === undefined ? [{ name: 'Content', part: 'content' as const }] : [];
  const elements = scene?.elements ?? [];
  return [
    ...content,
    ...elements.map(({ element: name }, element) => ({ name: titleOf(name), part: { element } })),
  ];
}

/** `wet-ground` → `Wet ground`. */
export const titleOf = (element: string): string =>
  element.charAt(0).toUpperCase() + element.slice(1).replaceAll('-', ' ');

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
