import type { LayerContent } from './content.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';

interface Reference {
  readonly _ref?: string;
  readonly _id?: number;
  readonly _property?: string;
}
interface Place {
  readonly _ref?: readonly Reference[];
}

/** What the commands on masks say beyond their names. */
export interface MaskDescriptor {
  readonly _obj: string;
  readonly _target?: readonly Reference[];
  readonly new?: { readonly _class?: string };
  readonly at?: Place;
  readonly using?: Place;
  readonly to?: { readonly userMaskDensity?: unknown; readonly userMaskFeather?: unknown };
}

/** Copies a mask to another layer, or sets its density or feather; false for any other command. */
export function playMaskCommand(
  command: MaskDescriptor,
  document: DocumentModel,
  modal: ModalHost,
): boolean {
  const change = command._obj === 'make' ? copied(command, document) : looked(command, document);
  if (change === null) return false;
  modal.edit(document, 'Layer Mask', command._obj, change);
  return true;
}

const layerIn = (place: readonly Reference[] | undefined): number =>
  place?.find(({ _ref }) => _ref === 'layer')?._id ?? -1;

/** `make` of a channel at a layer's mask, using another layer's, with its density and feather. */
function copied(
  { new: made, at, using }: MaskDescriptor,
  document: DocumentModel,
): (() => void) | null {
  const from = document.layer(layerIn(using?._ref));
  const to = document.layer(layerIn(at?._ref));
  if (made?._class !== 'channel' || !from?.mask || to === null || to.mask !== null) return null;
  const { mask, maskDensity, maskFeather } = from;
  const isMaskEnabled = true;
  return () =>
    document.changeLayer(to.id, (layer): LayerContent => {
      return { ...layer, mask, maskDensity, maskFeather, isMaskEnabled };
    });
}

function looked(
  { _target, to = {} }: MaskDescriptor,
  document: DocumentModel,
): (() => void) | null {
  const layer = document.layer(layerIn(_target));
  const density = unitValue(to.userMaskDensity);
  const feather = unitValue(to.userMaskFeather);
  if (layer === null || layer.mask === null || (density === null && feather === null)) return null;
  return () =>
    document.changeLayer(layer.id, (now) => ({
      ...now,
      maskDensity: density === null ? now.maskDensity : Math.round((density / 100) * 255),
      maskFeather: feather ?? now.maskFeather,
    }));
}

const unitValue = (given: unknown): number | null =>
  typeof given === 'object' && given !== null && '_value' in given ? Number(given._value) : null;
