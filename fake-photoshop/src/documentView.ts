import { allLayers, insertAbove, type LayerContent, mapLayers, newLayer } from './content.ts';
import { Layer } from './dom.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';

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
