import type { ActionStep, ActionsPanel } from './actionsPanel.ts';
import type { DocumentModel } from './model.ts';

export interface BatchFile {
  readonly name: string;
  open(): Promise<DocumentModel>;
}

export interface BatchEntry {
  readonly name: string;
  readonly outcome: 'done' | 'failed' | 'skipped';
  /** The error's message; empty on success. */
  readonly message: string;
}

export interface BatchOptions {
  /** File › Automate › Batch › Errors: “Stop for Errors” or “Log Errors to File”. */
  readonly errors: 'stop' | 'log';
  /** Saves and closes, or only closes, before the next document is opened: memory. */
  close(document: DocumentModel, outcome: 'done' | 'failed'): Promise<void> | void;
  onEntry?(entry: BatchEntry, done: number): void;
  readonly signal?: AbortSignal;
}

/** File › Automate › Batch: opens, plays, saves and closes one file after another; returns the outcome of each. */
export async function runBatch(
  actions: ActionsPanel,
  steps: readonly ActionStep[],
  files: readonly BatchFile[],
  options: BatchOptions,
): Promise<BatchEntry[]> {
  const entries: BatchEntry[] = [];
  let isStopped = false;
  for (const file of files) {
    const entry: BatchEntry =
      isStopped || options.signal?.aborted
        ? { name: file.name, outcome: 'skipped', message: '' }
        : await playOn(actions, steps, file, options);
    entries.push(entry);
    options.onEntry?.(entry, entries.length);
    if (entry.outcome === 'failed' && options.errors === 'stop') isStopped = true;
  }
  return entries;
}

async function playOn(
  actions: ActionsPanel,
  steps: readonly ActionStep[],
  { name, open }: BatchFile,
  { close }: BatchOptions,
): Promise<BatchEntry> {
  let document: DocumentModel | null = null;
  try {
    document = await open();
    await actions.play(steps);
    await close(document, 'done');
    return { name, outcome: 'done', message: '' };
  } catch (error) {
    if (document !== null) await close(document, 'failed');
    return {
      name,
      outcome: 'failed',
      message: error instanceof Error ? error.message : `${error}`,
    };
  }
}
