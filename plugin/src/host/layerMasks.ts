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
  { action }: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  id: number,
  isOwn: boolean,
): Promise<LayerMask[]> {
  const answers: readonly object[] = await action.batchPlay(
    PROPERTIES.map((property) => ({
      _obj: 'get',
      _target: [
        { _property: property },
        { _ref: 'layer', _id: id },
        { _ref: 'document', _id: documentId },
      ],
    })),
    // A layer without a mask answers this property with an error descriptor, which must not end the list.
    { continueOnError: true },
  );
  const [user, isUserOn, vector, isVectorOn] = PROPERTIES.map((property, at) => {
    const answer = answers[at] as Readonly<Record<string, unknown>> | undefined;
    return typeof answer?.[property] === 'boolean' ? answer[property] : null;
  });
  const masks: LayerMask[] = [];
  if (user && (isOwn || isUserOn !== false)) masks.push({ layerId: id, kind: 'user' });
  if (vector && isVectorOn !== false) masks.push({ layerId: id, kind: 'vector' });
  return masks;
}
