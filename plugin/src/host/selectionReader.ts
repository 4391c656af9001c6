import type { Bounds, Extent } from '@emoeditor/shared';
import { featherMask } from './featherMask.ts';
import type { EditRegion } from './hostPort.ts';
import { type ImagePixels, rangeOf, takePixels } from './imagePixels.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { edgesOf, grown, intersection } from './rectangle.ts';

/** Reads a part of a selection, in document pixels. Call it in a modal scope. */
export type ReadSelection = (bounds: Bounds) => Promise<ImagePixels>;

/** How a selection is softened. */
export interface Softening {
  /** An edge fades over so many document pixels on each side; 0 leaves the selection as it is. */
  readonly feather: number;
  /** Leaves what is selected as it is, and fades beyond it alone: what is protected is protected to the last bit. */
  readonly isOutwards: boolean;
}

/** What was selected to be edited fades to both sides of its edge; what is protected, outwards. */
export const softeningOf = ({ feather = 0, selection }: EditRegion): Softening => ({
  feather,
  isOutwards: selection === 'keep',
});

/** The selection of a document, softened as the user asked. */
export function selectionReader(
  { imaging, app }: Pick<PhotoshopModule, 'imaging' | 'app'>,
  documentID: number,
  { feather, isOutwards }: Softening,
): ReadSelection {
  const read = (bounds: Bounds) =>
    takePixels(imaging.getSelection({ documentID, sourceBounds: edgesOf(bounds) }));
  if (feather === 0) return read;
  const document = Array.from(app.documents).find(({ id }) => id === documentID);
  return async (bounds) => {
    const canvas = { left: 0, top: 0, width: document?.width ?? 0, height: document?.height ?? 0 };
    const around = intersection(grown(bounds, feather), canvas);
    // Nothing can be selected beyond the canvas.
    if (around === null) return { ...NOTHING, bounds: null };
    const hard = await read(around);
    const range = rangeOf(hard.data);
    const sharp = spread(hard, around);
    const soft = sharp.slice();
    featherMask(soft, around, feather, range);
    const data = soft.map((value, at) => {
      const fading = isOutwards ? Math.max(sharp[at] as number, 2 * value) : value;
      return Math.min(range, fading) / range;
    });
    return { ...NOTHING, width: around.width, height: around.height, data, bounds: around };
  };
}

const NOTHING: ImagePixels = {
  width: 0,
  height: 0,
  components: 1,
  data: new Float32Array(0),
  bounds: null,
  coarseness: 1,
};

/** The samples over all of `area`; what Photoshop trimmed off is not selected. */
function spread({ bounds, width, height, components, data }: ImagePixels, area: Bounds & Extent) {
  const mask = new Float32Array(area.width * area.height);
  if (bounds === null) return mask;
  for (let y = 0; y < height; y += 1) {
    const to = (bounds.top + y - area.top) * area.width + bounds.left - area.left;
    for (let x = 0; x < width; x += 1) mask[to + x] = data[(y * width + x) * components] as number;
  }
  return mask;
}
