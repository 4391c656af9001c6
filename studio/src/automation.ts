/** One document of a batch and what became of it. */
export interface BatchLine {
  readonly name: string;
  readonly outcome: 'done' | 'failed' | 'skipped';
  /** What went wrong; empty when nothing did. */
  readonly message: string;
}

export interface BatchState {
  readonly total: number;
  readonly lines: readonly BatchLine[];
  readonly isRunning: boolean;
}

/** The Actions panel and the Plugins menu of the stand-in for Photoshop. */
export interface Automation {
  /** Items of the Plugins menu, from the panel's manifest. */
  readonly menu: readonly { readonly id: string; readonly label: string }[];
  readonly steps: readonly string[];
  readonly isRecording: boolean;
  /** True while an action or a menu item runs; documents are left alone then. */
  readonly isPlaying: boolean;
  readonly batch: BatchState | null;
  /** Begins a new action, or ends it. */
  record(): void;
  stop(): void;
  play(): Promise<void>;
  /** Chooses an item of the Plugins menu. */
  choose(id: string): Promise<void>;
  /** Plays the action on each file and saves what was edited as PSDs in one zip. */
  runBatch(files: readonly File[], errors: 'stop' | 'log'): Promise<void>;
  /** Ends the batch after the document that it is at, which is rolled back. */
  cancelBatch(): void;
  closeBatch(): void;
  onChange(listener: () => void): () => void;
}

/** The batch as text, as Photoshop's “Log Errors to File” writes it. */
export function reportOf({ total, lines }: BatchState): string {
  const failed = lines.filter(({ outcome }) => outcome === 'failed').length;
  const done = lines.filter(({ outcome }) => outcome === 'done').length;
  return [
    `EmoEditor batch: ${done} of ${total} documents edited, ${failed} failed`,
    ...lines.map(({ name, outcome, message }) =>
      message === '' ? `${outcome}\t${name}` : `${outcome}\t${name}\t${message}`,
    ),
    '',
  ].join('\n');
}
