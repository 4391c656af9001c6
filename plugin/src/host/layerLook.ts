import type { PhotoshopModule } from './photoshopModule.ts';

/** What of a layer's style and advanced blending decides how a result is joined to it. */
export interface LayerLook {
  /** Without a style, knockout, “Blend If” and switched-off channels. */
  readonly isPlain: boolean;
  /** “Blend Clipped Layers as Group”. */
  readonly blendsClippedAsGroup: boolean;
}

const PROPERTIES = [
  'layerEffects',
  'blendClipped',
  'knockout',
  'blendRange',
  'channelRestrictions',
] as const;
const RGB = 3;

/** What Photoshop does not tell is taken to be as it is when a layer is made. */
export async function layerLook(
  { action }: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  id: number,
): Promise<LayerLook> {
  const answers: readonly object[] = await action.batchPlay(
    PROPERTIES.map((property) => ({
      _obj: 'get',
      _target: [
        { _property: property },
        { _ref: 'layer', _id: id },
        { _ref: 'document', _id: documentId },
      ],
    })),
    // A layer without a style answers that property with an error descriptor, which must not end the list.
    { continueOnError: true },
  );
  const [effects, blendClipped, knockout, ranges, channels] = PROPERTIES.map(
    (property, at) => (answers[at] as Readonly<Record<string, unknown>> | undefined)?.[property],
  );
  return {
    isPlain:
      effects === undefined &&
      !isKnockout(knockout) &&
      !(Array.isArray(ranges) && ranges.some(leavesOut)) &&
      !(Array.isArray(channels) && channels.length < RGB),
    blendsClippedAsGroup: blendClipped !== false,
  };
}

/** An enumeration: none, shallow or deep. */
function isKnockout(value: unknown): boolean {
  const of = (value as { readonly _value?: unknown } | undefined)?._value;
  return of !== undefined && of !== 'none';
}

/** “Blend If” of a channel: black 0, 0 and white 255, 255 of the layer and of what lies below leave everything in. */
function leavesOut(range: unknown): boolean {
  const limits = range as Readonly<Record<string, unknown>>;
  return ['src', 'dest'].some(
    (side) =>
      [`${side}BlackMin`, `${side}BlackMax`].some((key) => (limits[key] ?? 0) !== 0) ||
      [`${side}WhiteMin`, `${side}WhiteMax`].some((key) => (limits[key] ?? 255) !== 255),
  );
}
