import { actionModuleOf, type RecordedStep } from './actionModule.ts';
import { ActionsPanel } from './actionsPanel.ts';
import { channelsOf } from './colour.ts';
import { type Content, newLayer } from './content.ts';
import { Document } from './documentView.ts';
import { constants } from './dom.ts';
import { ImageLedger } from './imageData.ts';
import { type EncodeJpeg, imagingOf } from './imaging.ts';
import { ModalHost, type ScopeTrace } from './modalHost.ts';
import { type DocumentFacts, DocumentModel } from './model.ts';
import { Notifications } from './notifications.ts';
import { PhotoshopError } from './photoshopError.ts';
import { depthOf, Raster, type Samples } from './raster.ts';
import { type UserActions, userActionsOn } from './userActions.ts';
import {
  type Command,
  memorySecrets,
  type Panel,
  type SecretStore,
  uxpModuleOf,
} from './uxpModule.ts';

export * from './actionsPanel.ts';
export * from './batch.ts';
export { type ColourSpace, convertSamples } from './colour.ts';
export * from './content.ts';
export * from './edges.ts';
export { type FlatPicture, flatten } from './flatten.ts';
export { createFlattener } from './flattener.ts';
export type { ModalProgress, ScopeTrace } from './modalHost.ts';
export { ModalHost } from './modalHost.ts';
export { type DocumentFacts, DocumentModel, type HistoryState } from './model.ts';
export { loadPsd, savePsd } from './psd.ts';
export * from './raster.ts';
export { shownBounds, type UserActions } from './userActions.ts';
export { memorySecrets, type SecretStore } from './uxpModule.ts';

export interface PhotoshopOptions {
  readonly encodeJpeg: EncodeJpeg;
  readonly secrets?: SecretStore;
  readonly pluginVersion?: string;
  readonly trace?: ScopeTrace;
  /** Preferences › Performance › Cache Levels; 4 unless the user chose otherwise. */
  readonly cacheLevels?: number;
  /** What reading a region without any pixels does: undocumented, so tests cover both. */
  readonly emptyReads?: 'empty' | 'reject';
  /** Whether pixels of a layer may be read outside a modal scope; undocumented; by default they may not. */
  readonly freeReads?: boolean;
  /** Whether a mask can be copied from layer to layer by batchPlay; tests try both. */
  readonly copiesMasks?: boolean;
  /** Where text goes that a command puts onto the clipboard; else only `clipboard` has it. */
  readonly copyText?: (text: string) => void;
}

const EMPTY_CONTENT: Content = { layers: [], activeIds: [], selection: null };

/** A fake Photoshop: the two modules that a plugin requires, and the actions of a user. */
export class FakePhotoshop {
  readonly modal: ModalHost;
  readonly notifications: Notifications;
  /** Events of the panel and of the machine (`core.addNotificationListener`), told while a scope is open too. */
  readonly coreEvents = new Notifications(() => false);
  /** Steps that the plugin recorded, the newest last. */
  readonly recorded: RecordedStep[] = [];
  readonly actions: ActionsPanel;
  /** What `core.showAlert` showed, the newest last. */
  readonly alerts: string[] = [];
  /** Text that a command put onto the clipboard. */
  clipboard: string | null = null;
  /** Image data that Photoshop holds for the plugin. */
  readonly images = new ImageLedger();
  readonly #documents: DocumentModel[] = [];
  readonly #modules: ReadonlyMap<string, object>;
  readonly #uxp: ReturnType<typeof uxpModuleOf>;
  readonly #listeners = new Set<() => void>();
  #lastDocumentId = 100;

  constructor({
    encodeJpeg,
    secrets = memorySecrets(),
    pluginVersion = '0.1.0',
    trace,
    cacheLevels = 4,
    emptyReads = 'empty',
    freeReads = false,
    copiesMasks = true,
    copyText,
  }: PhotoshopOptions) {
    this.modal = new ModalHost(() => this.#documents, trace);
    this.notifications = new Notifications(() => this.modal.isModal);
    this.#uxp = uxpModuleOf(secrets, pluginVersion);
    this.actions = new ActionsPanel({
      modal: this.modal,
      activeDocument: () => this.active,
      command: (id) => this.command(id),
    });
    const documentOf = (id: number | undefined) => {
      const found = id === undefined ? this.active : this.#documents.find((one) => one.id === id);
      if (!found)
        throw new PhotoshopError(
          id === undefined ? 'No document is open.' : `No document ${id} is open.`,
        );
      return found;
    };
    const view = (model: DocumentModel) =>
      new Document(model, this.modal, (one) => this.close(one));
    const views = () => this.#documents.map(view);
    const active = () => (this.active === null ? null : view(this.active));
    const photoshop = {
      app: {
        get activeDocument() {
          return active();
        },
        get documents() {
          return views();
        },
        createDocument: async (facts: Omit<DocumentFacts, 'profile'>) => {
          this.modal.assertModal('app.createDocument');
          return view(this.open({ profile: 'sRGB IEC61966-2.1', ...facts }, EMPTY_CONTENT));
        },
      },
      core: {
        executeAsModal: this.modal.executeAsModal.bind(this.modal),
        addNotificationListener: async (
          _group: string,
          events: string[],
          listener: (event: string, descriptor: object) => void,
        ) => this.coreEvents.add(events, listener),
        removeNotificationListener: async (
          _group: string,
          events: string[],
          listener: (event: string, descriptor: object) => void,
        ) => this.coreEvents.remove(events, listener),
        showAlert: async ({ message }: { message: string }) => void this.alerts.push(message),
      },
      action: actionModuleOf({
        documentOf,
        modal: this.modal,
        notifications: this.notifications,
        copiesMasks,
        copyText: (text) => {
          this.clipboard = text;
          copyText?.(text);
        },
        record: (step) => {
          this.recorded.push(step);
          this.actions.record(step);
        },
      }),
      imaging: imagingOf(
        { documentOf, modal: this.modal, ledger: this.images, cacheLevels, emptyReads, freeReads },
        encodeJpeg,
      ),
      constants,
    };
    this.#modules = new Map<string, object>([
      ['photoshop', photoshop],
      ['uxp', this.#uxp.module],
    ]);
  }

  /** UXP's `require`. @throws Error for any other name, as UXP does */
  readonly require = (name: string): object => {
    const found = this.#modules.get(name);
    if (found === undefined) throw new Error(`Module not found: "${name}"`);
    return found;
  };

  get active(): DocumentModel | null {
    return this.#documents.at(-1) ?? null;
  }

  panel(id: string): Panel {
    const panel = this.#uxp.setUp()?.panels?.[id];
    if (panel === undefined) throw new Error(`The plugin set up no panel “${id}”.`);
    return panel;
  }

  /** @throws Error for a menu item that the plugin set up no function for */
  command(id: string): Command {
    const command = this.#uxp.setUp()?.commands?.[id];
    if (command === undefined) throw new Error(`The plugin set up no command “${id}”.`);
    return command;
  }

  /** Ids of the panels and commands that the plugin set up, for comparison with its manifest. */
  get entrypoints(): { readonly panels: string[]; readonly commands: string[] } {
    const { panels = {}, commands = {} } = this.#uxp.setUp() ?? {};
    return { panels: Object.keys(panels), commands: Object.keys(commands) };
  }

  open(facts: DocumentFacts, content: Content): DocumentModel {
    this.#lastDocumentId += 1;
    const document = new DocumentModel(this.#lastDocumentId, facts, content);
    this.#documents.push(document);
    document.onChange(() => this.#changed());
    this.notifications.notify('open');
    this.#changed();
    return document;
  }

  /** The user clicks another document's tab. */
  activate(document: DocumentModel): void {
    const index = this.#documents.indexOf(document);
    if (index < 0) return;
    this.#documents.push(...this.#documents.splice(index, 1));
    this.notifications.notify('select');
    this.#changed();
  }

  close(document: DocumentModel): void {
    const index = this.#documents.indexOf(document);
    if (index >= 0) this.#documents.splice(index, 1);
    this.notifications.notify('close');
    this.#changed();
  }

  /** Subscribes to every change of any document; returns the function that unsubscribes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  user(document: DocumentModel): UserActions {
    return userActionsOn(document, this.notifications);
  }
}

/** A photograph as a retoucher would open it: the locked Background and a copy on a layer of its own, which is active. */
export function layeredPhotograph(
  samples: Samples,
  width: number,
  height: number,
  mode = 'RGBColorMode',
): Content {
  const depth = depthOf(samples);
  const whole = { left: 0, top: 0, right: width, bottom: height };
  const pixels = new Raster(depth, channelsOf(mode)).write(whole, samples);
  const background = newLayer(depth, { name: 'Background', isBackground: true, pixels });
  const photo = newLayer(depth, { name: 'Photo', pixels });
  return { layers: [photo, background], activeIds: [photo.id], selection: null };
}
