import { layerProperties } from './layerProperties.ts';
import type { PhotoshopModule } from './photoshopModule.ts';

/** A mask that a result takes over. */
export interface LayerMask {
  readonly layerId: number;
  readonly kind: 'user' | 'vector';
}

const PROPERTIES = [
  'hasUserMask',
  'userMaskEnabled',
  'hasVectorMask',
  'vectorMaskEnabled',
] as const;

/**
 * The masks of a layer that hide something now.
 * @param isOwn the layer is a result of ours: its mask is kept even where the user switched it off
 */
export async function masksOf(
  photoshop: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  id: number,
  isOwn: boolean,
): Promise<LayerMask[]> {
  const values = await layerProperties(photoshop, documentId, id, PROPERTIES);
  const [user, isUserOn, vector, isVectorOn] = values.map((value) =>
    typeof value === 'boolean' ? value : null,
  );
  const masks: LayerMask[] = [];
  if (user && (isOwn || isUserOn !== false)) masks.push({ layerId: id, kind: 'user' });
  if (vector && isVectorOn !== false) masks.push({ layerId: id, kind: 'vector' });
  return masks;
}
