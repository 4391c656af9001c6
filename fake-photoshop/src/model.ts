import { type Content, findContent, type LayerContent, mapLayers } from './content.ts';
import type { Depth } from './raster.ts';

export interface HistoryState {
  readonly id: number;
  readonly name: string;
  readonly content: Content;
}

export interface DocumentFacts {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly depth: Depth;
  readonly profile: string;
  /** `'RGBColorMode'` …; what a layer's samples mean depends on it. */
  readonly mode: string;
  /** Pixels per inch; 72 where nothing is said. */
  readonly resolution?: number;
}

/**
 * One open document: its content now and the states that lead to it. Reading is always allowed; `edit` is what every
 * change goes through, so that Photoshop's rule (only in a modal scope) is kept in one place.
 */
export class DocumentModel {
  readonly id: number;
  /** Properties of layers that the plugin has read: in Photoshop each is a call into another process. */
  layerReads = 0;
  #facts: DocumentFacts;
  #content: Content;
  #states: HistoryState[];
  #current = 0;
  #listeners = new Set<() => void>();
  #stateId = 0;

  constructor(id: number, facts: DocumentFacts, content: Content, stateName = 'Open') {
    this.id = id;
    this.#facts = facts;
    this.#content = content;
    this.#states = [{ id: 0, name: stateName, content }];
  }

  get facts(): DocumentFacts {
    return this.#facts;
  }

  get content(): Content {
    return this.#content;
  }

  get states(): readonly HistoryState[] {
    return this.#states;
  }

  get currentState(): number {
    return this.#current;
  }

  layer(id: number): LayerContent | null {
    return findContent(this.#content.layers, id);
  }

  /** Changes the current content without a history step; see `commit`. */
  change(next: Content): void {
    this.#content = next;
    this.#notify();
  }

  /** Image › Mode and its like, with the layers as the caller converted them. */
  become(facts: Partial<DocumentFacts>, content: Content = this.#content): void {
    this.#facts = { ...this.#facts, ...facts };
    this.change(content);
  }

  changeLayer(id: number, change: (layer: LayerContent) => LayerContent | null): void {
    const layers = mapLayers(this.#content.layers, (layer) =>
      layer.id === id ? change(layer) : layer,
    );
    this.change({ ...this.#content, layers });
  }

  /** Adds a history step for the current content; undone steps are discarded, as in Photoshop. */
  commit(name: string): void {
    if (this.#content === this.#states[this.#current]?.content) return;
    this.#stateId += 1;
    const state = { id: this.#stateId, name, content: this.#content };
    this.#states = [...this.#states.slice(0, this.#current + 1), state];
    this.#current += 1;
    this.#notify();
  }

  /** Adds a separate history step for a change that arrived too late to be part of the suspended one. */
  leak(name: string): void {
    this.#content = { ...this.#content };
    this.commit(name);
  }

  goTo(index: number): void {
    const state = this.#states[index];
    if (state === undefined) return;
    this.#current = index;
    this.change(state.content);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
