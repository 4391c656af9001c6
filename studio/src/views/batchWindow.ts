import { type Automation, type BatchState, reportOf } from '../automation.ts';
import { make, makeWidget } from './elements.ts';
import type { View } from './view.ts';

interface BatchParts {
  readonly automation: Automation;
  readonly run: (files: readonly File[], errors: 'stop' | 'log') => void;
  /** Says why nothing can be run. */
  readonly refuse: (message: string) => void;
  readonly saveReport: (text: string) => void;
}

export interface BatchWindow extends View {
  /** Asks for the documents, or for the folder that they lie in, then for the go. */
  browse(from: 'files' | 'folder'): void;
}

const ERRORS = [
  ['log', 'Log errors and go on'],
  ['stop', 'Stop for errors'],
] as const;

const MARKS = { done: '✓', failed: '✕', skipped: '–' } as const;

/** File › Automate › Batch: what it will do, how far it is, and its report. */
export function createBatchWindow({
  automation,
  run,
  refuse,
  saveReport,
}: BatchParts): BatchWindow {
  let files: readonly File[] = [];
  let errors: 'stop' | 'log' = 'log';
  const title = make('strong', { class: 'studio-modal-title' });
  const count = make('span', { class: 'studio-modal-percent' });
  const bar = makeWidget('sp-progressbar', {
    attributes: { max: '100', value: '0', 'show-value': 'false', 'aria-label': 'Batch' },
  });
  const list = make('ol', { class: 'studio-batch-lines', attributes: { 'aria-label': 'Report' } });
  const policy = createPolicy((chosen) => {
    errors = chosen;
  });
  const button = (label: string, variant: string, press: () => void) => {
    const element = makeWidget('sp-button', { text: label, attributes: { variant, size: 's' } });
    element.addEventListener('click', press);
    return element;
  };
  const close = () => {
    files = [];
    automation.closeBatch();
    refresh();
  };
  const start = button('Start', 'cta', () => run(files, errors));
  const cancel = button('Cancel', 'secondary', () => automation.cancelBatch());
  const save = button('Save report', 'secondary', () => {
    if (automation.batch !== null) saveReport(reportOf(automation.batch));
  });
  const done = button('Close', 'secondary', close);
  const element = make('div', {
    class: 'studio-modal studio-batch',
    attributes: { role: 'dialog', 'aria-label': 'Batch', hidden: '' },
    children: [
      make('div', { class: 'studio-modal-line', children: [title, count] }),
      bar,
      policy,
      list,
      make('div', { class: 'studio-modal-actions', children: [save, done, cancel, start] }),
    ],
  });
  const choose = (chosen: readonly File[]) => {
    if (chosen.length === 0) refuse('There is no JPEG, PNG, WebP or PSD in that folder.');
    files = chosen;
    refresh();
  };
  const inputs = { files: createFilesInput(choose), folder: createFolderInput(choose) };
  element.append(inputs.files, inputs.folder);
  function refresh(): void {
    const { batch } = automation;
    element.hidden = batch === null && files.length === 0;
    title.textContent = titleOf(batch, files.length);
    count.textContent = batch?.isRunning ? `${batch.lines.length} of ${batch.total}` : '';
    bar.hidden = batch === null || !batch.isRunning;
    bar.setAttribute('value', String(batch ? (batch.lines.length / batch.total) * 100 : 0));
    policy.hidden = batch !== null;
    start.hidden = batch !== null;
    cancel.hidden = !batch?.isRunning;
    done.hidden = batch?.isRunning ?? false;
    done.textContent = batch === null ? 'Cancel' : 'Close';
    save.hidden = batch === null || batch.isRunning;
    drawLines(list, batch);
  }
  return { element, refresh, browse: (from) => inputs[from].click() };
}

function titleOf(batch: BatchState | null, chosen: number): string {
  if (batch === null) return chosen === 1 ? '1 document' : `${chosen} documents`;
  if (batch.isRunning) return 'Playing the action';
  const failed = batch.lines.filter(({ outcome }) => outcome === 'failed').length;
  const edited = batch.lines.filter(({ outcome }) => outcome === 'done').length;
  return `${edited} of ${batch.total} edited${failed > 0 ? `, ${failed} failed` : ''}`;
}

function drawLines(list: HTMLElement, batch: BatchState | null): void {
  const lines = batch?.lines ?? [];
  if (lines.length < list.children.length) list.replaceChildren();
  for (const { name, outcome, message } of lines.slice(list.children.length)) {
    const words = [make('span', { text: name })];
    if (message !== '') words.push(make('span', { class: 'studio-batch-message', text: message }));
    const line = make('li', {
      class: `studio-batch-line studio-batch-${outcome}`,
      children: [
        make('span', { class: 'studio-batch-mark', text: MARKS[outcome] }),
        make('span', { class: 'studio-batch-words', children: words }),
      ],
    });
    list.append(line);
    line.scrollIntoView({ block: 'nearest' });
  }
  // Scroll to the failures: they are the reason to read the report.
  if (batch?.isRunning === false) {
    list.querySelector('.studio-batch-failed')?.scrollIntoView({ block: 'start' });
  }
  list.hidden = lines.length === 0;
}

function createPolicy(choose: (errors: 'stop' | 'log') => void): HTMLElement {
  const items = ERRORS.map(([value, label], at) =>
    makeWidget('sp-menu-item', {
      text: label,
      attributes: { value, ...(at === 0 ? { selected: '' } : {}) },
    }),
  );
  const picker: HTMLElement & { selectedIndex?: number } = makeWidget('sp-picker', {
    attributes: { 'aria-label': 'Errors' },
    children: [makeWidget('sp-menu', { attributes: { slot: 'options' }, children: items })],
  });
  picker.addEventListener('change', () => choose(ERRORS[picker.selectedIndex ?? 0]?.[0] ?? 'log'));
  return make('div', {
    class: 'studio-batch-policy',
    children: [
      make('span', { text: 'Each is edited by the action; the PSDs are saved in one zip.' }),
      picker,
    ],
  });
}

function createFilesInput(choose: (files: readonly File[]) => void): HTMLInputElement {
  const input = make('input', {
    class: 'studio-batch-files',
    attributes: {
      type: 'file',
      multiple: '',
      accept: 'image/jpeg,image/png,image/webp,.psd',
      hidden: '',
    },
  });
  return whenChosen(input, choose);
}

/** The pictures that lie in the folder itself, by name; as in Photoshop, not those in folders within it. */
function createFolderInput(choose: (files: readonly File[]) => void): HTMLInputElement {
  const input = make('input', {
    class: 'studio-batch-folder',
    attributes: { type: 'file', webkitdirectory: '', hidden: '' },
  });
  return whenChosen(input, (files) => {
    const own = files.filter(
      ({ name, webkitRelativePath }) =>
        /\.(jpe?g|png|webp|psd)$/i.test(name) && webkitRelativePath.split('/').length <= 2,
    );
    choose(own.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })));
  });
}

function whenChosen(input: HTMLInputElement, choose: (files: File[]) => void): HTMLInputElement {
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) choose(files);
  });
  return input;
}
