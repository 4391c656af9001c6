import {
  allLayers,
  boundsOfLayer,
  findContent,
  insertAbove,
  type LayerContent,
  mapLayers,
  newLayer,
} from './content.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';

/** `constants` as far as they are used. */
export const constants = {
  BlendMode: { NORMAL: 'normal', MULTIPLY: 'multiply' },
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
    const parent = groupOf(this.#document.content.layers, this.id);
    return parent === null ? null : new Layer(this.#document, this.#modal, parent.id);
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

/** `document` of Photoshop's DOM. */
export class Document {
  readonly #model: DocumentModel;
  readonly #modal: ModalHost;
  readonly #close: (model: DocumentModel) => void;

  constructor(
    model: DocumentModel,
    modal: ModalHost,
    close: (model: DocumentModel) => void = () => {},
  ) {
    this.#close = close;
    this.#model = model;
    this.#modal = modal;
  }

  #view = (id: number) => new Layer(this.#model, this.#modal, id);

  get id(): number {
    return this.#model.id;
  }
  get name(): string {
    return this.#model.facts.name;
  }
  get width(): number {
    return this.#model.facts.width;
  }
  get height(): number {
    return this.#model.facts.height;
  }
  get mode(): string {
    return this.#model.facts.mode;
  }
  get bitsPerChannel(): string {
    return `bitDepth${this.#model.facts.depth}`;
  }
  get layers(): Layer[] {
    return this.#model.content.layers.map(({ id }) => this.#view(id));
  }
  get activeLayers(): Layer[] {
    return this.#model.content.activeIds
      .filter((id) => this.#model.layer(id) !== null)
      .map((id) => this.#view(id));
  }
  /** Without a profile the name is "None" (document.md, colorProfileName). */
  get colorProfileName(): string {
    return this.#model.facts.profile || 'None';
  }
  get selection() {
    const { selection } = this.#model.content;
    return { bounds: selection === null ? null : selection.bounds };
  }

  get historyStates(): { name: string }[] {
    return this.#model.states.map(({ name }) => ({ name }));
  }

  /** Closes it without a question. */
  async closeWithoutSaving(): Promise<void> {
    this.#modal.assertModal('document.closeWithoutSaving');
    this.#close(this.#model);
  }

  get resolution(): number {
    return this.#model.facts.resolution ?? 72;
  }

  /** The group takes the place of the topmost of its layers and becomes active (document.md, createLayerGroup). */
  async createLayerGroup({
    name = 'Group 1',
    fromLayers = [],
  }: {
    name?: string;
    fromLayers?: readonly Layer[];
  } = {}): Promise<Layer> {
    const wanted = new Set(fromLayers.map(({ id }) => id));
    const { layers, activeIds, ...rest } = this.#model.content;
    const children = [...allLayers(layers)].filter(({ id }) => wanted.has(id));
    const group = this.#newLayer({ name, kind: 'group', children });
    const placed = insertAbove(
      layers,
      { ...group, children: [] },
      children[0]?.id ?? activeIds[0] ?? null,
    );
    const next = mapLayers(placed, (layer) => {
      if (wanted.has(layer.id)) return null;
      return layer.id === group.id ? group : layer;
    });
    this.#modal.edit(this.#model, 'New Group', 'document.createLayerGroup', () =>
      this.#model.change({ ...rest, layers: next, activeIds: [group.id] }),
    );
    return this.#view(group.id);
  }

  /** The new layer lies above the active one and becomes active. */
  async createPixelLayer({ name = 'Layer 1' }: { name?: string } = {}): Promise<Layer> {
    const layer = this.#newLayer({ name });
    const { layers, activeIds, ...rest } = this.#model.content;
    this.#modal.edit(this.#model, 'New Layer', 'document.createPixelLayer', () =>
      this.#model.change({
        ...rest,
        layers: insertAbove(layers, layer, activeIds[0] ?? null),
        activeIds: [layer.id],
      }),
    );
    return this.#view(layer.id);
  }

  #newLayer(change: Partial<LayerContent>): LayerContent {
    const { depth, mode } = this.#model.facts;
    return newLayer(depth, change, mode);
  }
}
