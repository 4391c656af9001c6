import type { Automation } from './automation.ts';
import type { Sample } from './samples.ts';
import { type Shortcut, shortcutOf } from './shortcuts.ts';
import type { StudioDocument } from './studioDocument.ts';
import './theme.css';
import './layout.css';
import './docks.css';
import './automation.css';
import { createActionsView } from './views/actionsView.ts';
import { type BatchWindow, createBatchWindow } from './views/batchWindow.ts';
import { type CanvasView, createCanvasView } from './views/canvasView.ts';
import { make } from './views/elements.ts';
import { createHistoryView } from './views/historyView.ts';
import { createLayersView } from './views/layersView.ts';
import { createItemMenu, type ItemMenu } from './views/menu.ts';
import { createModalProgress } from './views/modalProgress.ts';
import { createNotice } from './views/notice.ts';
import { createPanelEdge } from './views/panelWidth.ts';
import { firstTheme, setTheme, switchTheme } from './views/theme.ts';
import { createTopBar } from './views/topBar.ts';
import type { View } from './views/view.ts';
import { registerWidgets } from './widgets/registerWidgets.ts';

/** What the studio cannot do by itself. A rejection is shown to the user. */
export interface StudioActions {
  openFile(file: File): Promise<void>;
  openSample(sample: Sample): Promise<void>;
  savePsd(): Promise<void>;
  exportPng(): Promise<void>;
  saveReport(text: string): void;
}

export interface MountedStudio {
  /** Where the panel belongs; it has a height of its own. */
  readonly panelRoot: HTMLElement;
  /** Shows the panel's flyout menu beside its title. */
  offerFlyout(menu: ItemMenu): void;
  showProblem(message: string): void;
  unmount(): void;
}

/** Calls at most once per frame, however often it is asked. */
function oncePerFrame(draw: () => void): { ask(): void; stop(): void } {
  let frame = 0;
  return {
    ask() {
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw();
      });
    },
    stop: () => cancelAnimationFrame(frame),
  };
}

function acceptDrops(area: HTMLElement, open: (file: File) => void, signal: AbortSignal): void {
  area.addEventListener('dragover', (event) => event.preventDefault(), { signal });
  area.addEventListener(
    'drop',
    (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) open(file);
    },
    { signal },
  );
}

function listenForKeys(
  commands: Readonly<Record<Shortcut, () => void>>,
  signal: AbortSignal,
): void {
  const press = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    const shortcut = shortcutOf(event);
    if (shortcut === null || target instanceof HTMLInputElement) return;
    event.preventDefault();
    commands[shortcut]();
  };
  window.addEventListener('keydown', press, { signal });
}

/** Keyboard commands; those that change the document are off while it is locked. */
function commandsOf(
  studioDocument: StudioDocument,
  canvas: CanvasView,
  browse: () => void,
  save: () => void,
): Readonly<Record<Shortcut, () => void>> {
  const whenFree = (work: () => void) => () => {
    if (studioDocument.modal === null) work();
  };
  return {
    open: whenFree(browse),
    save: whenFree(save),
    undo: whenFree(() => studioDocument.history.undo()),
    redo: whenFree(() => studioDocument.history.redo()),
    deselect: whenFree(() => studioDocument.select(null)),
    fit: () => canvas.setZoom('fit'),
    actualSize: () => canvas.setZoom(1),
    zoomIn: () => canvas.zoomStep(1),
    zoomOut: () => canvas.zoomStep(-1),
  };
}

function createAutomationViews(
  automation: Automation,
  attempt: (work: Promise<void>) => void,
  saveReport: (text: string) => void,
): { batch: BatchWindow; recorded: View } {
  const batch = createBatchWindow({
    automation,
    run: (files, errors) => attempt(automation.runBatch(files, errors)),
    refuse: (message) => attempt(Promise.reject(new Error(message))),
    saveReport,
  });
  const recorded = createActionsView({
    automation,
    play: () => attempt(automation.play()),
    browseBatch: batch.browse,
  });
  return { batch, recorded };
}

interface PanelDock {
  readonly panel: HTMLElement;
  readonly panelRoot: HTMLElement;
  offerFlyout(menu: ItemMenu): void;
}

function createPanelDock(): PanelDock {
  const title = make('div', {
    class: 'studio-dock-line',
    children: [make('h2', { text: 'EmoEditor' })],
  });
  const panelRoot = make('div', { class: 'studio-panel-root' });
  const panel = make('section', {
    class: 'studio-panel',
    attributes: { 'aria-label': 'EmoEditor' },
    children: [title, panelRoot],
  });
  panel.append(createPanelEdge(panel));
  return {
    panel,
    panelRoot,
    offerFlyout: (menu) => title.append(createItemMenu(menu)),
  };
}

/** Draws the studio into the element and keeps it up to date with the document. */
export function mountStudio(
  root: HTMLElement,
  studioDocument: StudioDocument,
  automation: Automation,
  actions: StudioActions,
): MountedStudio {
  registerWidgets();
  setTheme(firstTheme());
  const notice = createNotice();
  const attempt = (work: Promise<void>) => {
    work.catch((error: unknown) => {
      notice.show(error instanceof Error ? error.message : String(error));
    });
  };
  const openFile = (file: File) => attempt(actions.openFile(file));
  const savePsd = () => attempt(actions.savePsd());
  const top = createTopBar(studioDocument, {
    openFile,
    openSample: (sample) => attempt(actions.openSample(sample)),
    savePsd,
    exportPng: () => attempt(actions.exportPng()),
    switchTheme,
    plugins: automation.menu,
    runPlugin: (id) => attempt(automation.choose(id)),
  });
  const canvas = createCanvasView(studioDocument);
  const layers = createLayersView(studioDocument);
  const history = createHistoryView(studioDocument);
  const progress = createModalProgress(studioDocument);
  const { batch, recorded } = createAutomationViews(automation, attempt, actions.saveReport);
  const views = [top, canvas, layers, history, progress, recorded, batch];
  const { panel, panelRoot, offerFlyout } = createPanelDock();
  const docks = make('aside', {
    class: 'studio-docks',
    children: [recorded.element, history.element, layers.element],
  });
  const studio = make('div', {
    class: 'studio',
    children: [top.element, canvas.element, docks, panel],
  });
  canvas.element.append(progress.element, batch.element, notice.element);
  root.replaceChildren(studio);

  const drawing = oncePerFrame(() => {
    const isHeld = studioDocument.modal !== null || automation.isPlaying;
    for (const held of [top.element, docks]) held.inert = isHeld;
    for (const view of views) view.refresh();
  });
  const listening = new AbortController();
  const unlisten = [studioDocument, automation].map((one) => one.onChange(drawing.ask));
  acceptDrops(
    studio,
    (file) => {
      if (studioDocument.modal === null) openFile(file);
    },
    listening.signal,
  );
  const commands = commandsOf(studioDocument, canvas, top.browse, savePsd);
  listenForKeys(commands, listening.signal);
  drawing.ask();
  return {
    panelRoot,
    offerFlyout,
    showProblem: notice.show,
    unmount() {
      for (const stop of unlisten) stop();
      drawing.stop();
      listening.abort();
      studio.remove();
    },
  };
}
