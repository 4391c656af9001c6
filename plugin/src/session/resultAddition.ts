import type { CompositePart, ElementPart, ScenePlan } from '@emoeditor/shared';
import type { Composite } from '../client/companion.ts';
import type { LayerAddition, NewLayer, Paint } from '../host/hostPort.ts';
import { paintComposite } from './paintComposite.ts';
import type { ResultKind } from './panelState.ts';

/** A layer of a result. */
export interface ResultPart {
  readonly name: string;
  readonly part: CompositePart | ElementPart;
}

/**
 * Parts of an edit that a result of that kind is made of, from the bottom up.
 * @param scene what the iteration adds to the scene; null for the light alone
 */
export function partsOf(kind: ResultKind, scene: ScenePlan | null): readonly ResultPart[] {
  if (kind !== 'group') return [{ name: '', part: 'all' }];
  const elements = (scene?.elements ?? []).map(({ element }, index) => ({
    name: elementTitle(element),
    part: { element: index },
  }));
  return [{ name: 'Grade', part: 'grade' }, { name: 'Content', part: 'content' }, ...elements];
}

/** `wet-ground` → `Wet ground`. */
export function elementTitle(element: string): string {
  return element.charAt(0).toUpperCase() + element.slice(1).replace(/-/g, ' ');
}

/**
 * A result as the host adds it: one layer, a smart object, or a group of the colour change, of what it cannot explain
 * and of what is added to the scene.
 * @param parts as `partsOf` gives them
 * @param open gives the composite of a part; it is closed when the part is painted
 */
export function resultAddition(
  layer: NewLayer,
  kind: ResultKind,
  parts: readonly ResultPart[],
  open: (part: ResultPart) => Promise<Composite>,
  onProgress: (fraction: number) => void,
): LayerAddition {
  const paints = parts.map(
    (part, at): Paint =>
      async (canvas) => {
        const composite = await open(part);
        try {
          const show = (fraction: number) => onProgress((at + fraction) / parts.length);
          await paintComposite(canvas, composite, show);
        } finally {
          composite.close();
        }
      },
  );
  const paint = paints[0] as Paint;
  if (kind !== 'group') return { layer, paint, isSmartObject: kind === 'smartObject' };
  const above = parts.slice(1).map(({ name }, k) => ({ name, paint: paints[k + 1] as Paint }));
  return { layer, paint, above };
}
