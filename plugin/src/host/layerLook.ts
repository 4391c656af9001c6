import { layerProperties } from './layerProperties.ts';
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
  photoshop: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  id: number,
): Promise<LayerLook> {
  const [effects, blendClipped, knockout, ranges, channels] = await layerProperties(
    photoshop,
    documentId,
    id,
    PROPERTIES,
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
