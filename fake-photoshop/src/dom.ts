import { boundsOfLayer, findContent, freshId, insertAbove, type LayerContent } from './content.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';

/** `constants` as far as they are used. */
export const constants = {
  BlendMode: { NORMAL: 'normal', MULTIPLY: 'multiply', PASSTHROUGH: 'passThrough' },
  LayerKind: { NORMAL: 'pixel', GROUP: 'group', SMARTOBJECT: 'smartObject' },
  RasterizeType: { ENTIRELAYER: 'entire' },
  ElementPlacement: { PLACEBEFORE: 'placeBefore', PLACEAFTER: 'placeAfter' },
} as const;

/** `layer` of Photoshop's DOM: a view of the current layer with its id. */
export class Layer {
  readonly id: number;
  readonly #document: DocumentModel;
  readonly #modal: ModalHost;

  constructor(document: DocumentModel, modal: ModalHost, id: number) {
    this.#document = document;
    this.#modal = modal;
    this.id = id;
  }

  get #content(): LayerContent {
    this.#document.layerReads += 1;
    const content = this.#document.layer(this.id);
    if (content === null) throw new PhotoshopError(`The layer ${this.id} no longer exists.`);
    return content;
  }

  #change(
    what: string,
    change: (layer: LayerContent) => LayerContent | null,
    step = 'Layer Properties',
  ): void {
    this.#modal.edit(this.#document, step, what, () => this.#document.changeLayer(this.id, change));
  }

  get name(): string {
    return this.#content.name;
  }
  set name(name: string) {
    this.#change('layer.name', (layer) => ({ ...layer, name }));
  }
  get kind(): string {
    return this.#content.kind;
  }
  get visible(): boolean {
    return this.#content.visible;
  }
  set visible(visible: boolean) {
    this.#change('layer.visible', (layer) => ({ ...layer, visible }));
  }
  get opacity(): number {
    return this.#content.opacity;
  }
  set opacity(opacity: number) {
    this.#change('layer.opacity', (layer) => ({ ...layer, opacity }));
  }
  get fillOpacity(): number {
    return this.#content.fillOpacity;
  }
  get blendMode(): string {
    return this.#content.blendMode;
  }
  get locked(): boolean {
    const { allLocked, pixelsLocked, transparencyLocked, positionLocked } = this.#content;
    return allLocked || pixelsLocked || transparencyLocked || positionLocked;
  }
  get allLocked(): boolean {
    return this.#content.allLocked;
  }
  get pixelsLocked(): boolean {
    return this.#content.pixelsLocked;
  }
  get transparentPixelsLocked(): boolean {
    return this.#content.transparencyLocked;
  }
  get positionLocked(): boolean {
    return this.#content.positionLocked;
  }
  get isBackgroundLayer(): boolean {
    return this.#content.isBackground;
  }
  get isClippingMask(): boolean {
    return this.#content.isClippingMask;
  }
  set isClippingMask(isClippingMask: boolean) {
    this.#change('layer.isClippingMask', (layer) => ({ ...layer, isClippingMask }));
  }
  get bounds() {
    return boundsOfLayer(this.#content);
  }
  get boundsNoEffects() {
    return boundsOfLayer(this.#content);
  }
  get layers(): Layer[] | null {
    const { kind, children } = this.#content;
    return kind === 'group'
      ? children.map(({ id }) => new Layer(this.#document, this.#modal, id))
      : null;
  }
  get parent(): Layer | null {
    this.#document.layerReads += 1;
    const parent = groupOf(this.#document.content.layers, this.id);
    return parent === null ? null : new Layer(this.#document, this.#modal, parent.id);
  }

  /** A copy directly above, which becomes active (layer.md, duplicate). */
  async duplicate(): Promise<Layer> {
    const document = this.#document;
    const copy = withFreshIds({ ...this.#content, name: `${this.name} copy`, isBackground: false });
    this.#modal.edit(document, 'Duplicate Layer', 'layer.duplicate', () => {
      const { layers, ...rest } = document.content;
      document.change({
        ...rest,
        layers: insertAbove(layers, copy, this.id),
        activeIds: [copy.id],
      });
    });
    return new Layer(document, this.#modal, copy.id);
  }

  /** Groups are merged instead. */
  async rasterize(target: string): Promise<void> {
    if (target !== constants.RasterizeType.ENTIRELAYER || this.kind === 'group') {
      throw new PhotoshopError(`“${this.name}” cannot be rasterized.`);
    }
    this.#change('layer.rasterize', (layer) => ({ ...layer, kind: 'pixel' }), 'Rasterize');
  }

  /** Only `PLACEBEFORE`: directly above another layer (layer.md: "places the layer above relativeObject"). */
  move(relative: Layer, placement: string): void {
    if (placement !== constants.ElementPlacement.PLACEBEFORE) {
      throw new PhotoshopError(`The placement ${placement} is not supported here.`);
    }
    const content = this.#content;
    if (content.positionLocked || content.allLocked) {
      throw new PhotoshopError(`“${content.name}” is locked and cannot be moved.`);
    }
    const document = this.#document;
    if (isInLockedGroup(document.content.layers, relative.id)) {
      throw new PhotoshopError('The group is locked.');
    }
    this.#modal.edit(document, 'Layer Order', 'layer.move', () => {
      document.changeLayer(this.id, () => null);
      const { layers, ...rest } = document.content;
      document.change({ ...rest, layers: insertAbove(layers, content, relative.id) });
    });
  }

  delete(): void {
    const { isBackground, allLocked, name } = this.#content;
    if (isBackground || allLocked) throw new PhotoshopError(`“${name}” is locked.`);
    const document = this.#document;
    this.#modal.edit(document, 'Delete Layer', 'layer.delete', () => {
      document.changeLayer(this.id, () => null);
      const { activeIds, layers, ...rest } = document.content;
      const kept = activeIds.filter((id) => findContent(layers, id) !== null);
      document.change({ ...rest, layers, activeIds: kept });
    });
  }
}

/** A copy of a layer and of all in it, with ids of their own. */
function withFreshIds(layer: LayerContent): LayerContent {
  return { ...layer, id: freshId(), children: layer.children.map(withFreshIds) };
}

function isInLockedGroup(layers: readonly LayerContent[], id: number): boolean {
  const group = groupOf(layers, id);
  return group !== null && (group.allLocked || isInLockedGroup(layers, group.id));
}

function groupOf(layers: readonly LayerContent[], id: number): LayerContent | null {
  for (const layer of layers) {
    if (layer.children.some((child) => child.id === id)) return layer;
    const inside = groupOf(layer.children, id);
    if (inside !== null) return inside;
  }
  return null;
}
