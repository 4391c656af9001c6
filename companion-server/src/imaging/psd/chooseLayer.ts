import type { Extent } from '@emoeditor/shared';
import { ImageError } from '../imageError.ts';
import { MIN_SIDE } from '../limits.ts';
import { isResultName } from './earlierResults.ts';
import { fromTheTop, hasPixels, type LayerNode } from './layerTree.ts';

/** What a layer without pixels of its own is, in a sentence. */
const WHAT: Readonly<Record<LayerNode['kind'], string>> = {
  pixel: 'is empty',
  group: 'is a group; files hold the pixels of its layers, not of the group',
  smartObject: 'is a smart object whose rendered pixels the file does not hold',
  text: 'is a text layer whose rendered pixels the file does not hold',
  fill: 'is a shape or fill layer, which is drawn when it is shown: the file holds no pixels of it',
  adjustment: 'is an adjustment layer and has no pixels',
};

/**
 * The layer of that name, or else the topmost one that shows a photograph: visible with all its groups, on the canvas,
 * a pixel layer or smart object. Earlier results are passed over while there is something else.
 * @throws ImageError LAYER_NOT_FOUND, LAYER_NOT_PIXELS
 */
export function chooseLayer(
  nodes: readonly LayerNode[],
  wanted: string | null,
  canvas: Extent,
  file: string,
): LayerNode {
  const all = [...fromTheTop(nodes)];
  if (wanted !== null) return layerNamed(all, wanted, file);
  const shown = all.filter(
    (node) =>
      (node.kind === 'pixel' || node.kind === 'smartObject') &&
      hasPixels(node) &&
      isShown(node) &&
      touches(node, canvas),
  );
  const chosen = shown.find(({ name }) => !isResultName(name)) ?? shown[0];
  if (chosen !== undefined) return chosen;
  throw new ImageError(
    'LAYER_NOT_PIXELS',
    `${file} has no visible pixel layer.`,
    'Show a pixel layer in Photoshop, name one with --layer, or edit what is visible as a whole with --visible.',
  );
}

function layerNamed(all: readonly LayerNode[], wanted: string, file: string): LayerNode {
  // Some systems write é as one letter and some as two.
  const sought = wanted.normalize('NFC');
  const named = all.filter(({ name }) => name.normalize('NFC') === sought);
  const chosen = named.find(hasPixels);
  if (chosen !== undefined) return chosen;
  const [first] = named;
  if (first === undefined) {
    const names = all.map(({ name }) => `“${name}”`).join(', ');
    throw new ImageError(
      'LAYER_NOT_FOUND',
      `${file} has no layer named “${wanted}”; its layers are ${names || 'none'}.`,
      'Give the name of one of these layers.',
    );
  }
  throw new ImageError(
    'LAYER_NOT_PIXELS',
    `“${wanted}” of ${file} ${WHAT[first.kind]}.`,
    'Choose a pixel layer, edit what is visible as a whole with --visible, or rasterise a copy of it in Photoshop first.',
  );
}

/** Visible, and every group that it lies in too. */
export function isShown(node: LayerNode): boolean {
  return !node.isHidden && (node.parent === null || isShown(node.parent));
}

/** True when enough of the layer lies on the canvas to be seen. */
function touches({ record }: LayerNode, { width, height }: Extent): boolean {
  const across = Math.min(record.right, width) - Math.max(record.left, 0);
  const down = Math.min(record.bottom, height) - Math.max(record.top, 0);
  return across >= Math.min(MIN_SIDE, width) && down >= Math.min(MIN_SIDE, height);
}
