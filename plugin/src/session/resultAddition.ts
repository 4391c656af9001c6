import type { CompositePart } from '@emoeditor/shared';
import type { Composite } from '../client/companion.ts';
import type { LayerAddition, NewLayer, Paint } from '../host/hostPort.ts';
import { paintComposite } from './paintComposite.ts';
import type { ResultKind } from './panelState.ts';

/** Parts of an edit that a result of that kind is made of, from the bottom up. */
export function partsOf(kind: ResultKind): readonly CompositePart[] {
  return kind === 'group' ? ['grade', 'content'] : ['all'];
}

/**
 * A result as the host adds it: one layer, a smart object, or a group of the colour change and of what it cannot explain.
 * @param open gives the composite of a part; it is closed when the part is painted
 */
export function resultAddition(
  layer: NewLayer,
  kind: ResultKind,
  open: (part: CompositePart) => Promise<Composite>,
  onProgress: (fraction: number) => void,
): LayerAddition {
  const parts = partsOf(kind);
  const painting =
    (part: CompositePart, at: number): Paint =>
    async (canvas) => {
      const composite = await open(part);
      try {
        const show = (fraction: number) => onProgress((at + fraction) / parts.length);
        await paintComposite(canvas, composite, show);
      } finally {
        composite.close();
      }
    };
  if (kind !== 'group')
    return { layer, paint: painting('all', 0), isSmartObject: kind === 'smartObject' };
  return { layer, paint: painting('grade', 0), paintContent: painting('content', 1) };
}
