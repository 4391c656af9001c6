import {
  type ActionStep,
  type BatchEntry,
  type DocumentModel,
  type FakePhotoshop,
  runBatch,
} from '@emoeditor/fake-photoshop';
import type { Automation, BatchState } from './automation.ts';
import { BatchArchive } from './batchArchive.ts';

interface Files {
  open(file: File): Promise<DocumentModel>;
  /** The document as a PSD file. */
  psdOf(document: DocumentModel): { name: string; bytes: Uint8Array };
  /** What a batch saved, once it has ended. */
  deliver(archive: Blob): void;
}

/** The fake Photoshop's Actions panel, as the studio's views want it. */
export class PhotoshopAutomation implements Automation {
  readonly menu: Automation['menu'];
  readonly #fake: FakePhotoshop;
  readonly #files: Files;
  readonly #listeners = new Set<() => void>();
  #steps: readonly ActionStep[] = [];
  #isPlaying = false;
  #batch: BatchState | null = null;
  #cancelling = new AbortController();

  constructor(fake: FakePhotoshop, menu: Automation['menu'], files: Files) {
    this.#fake = fake;
    this.menu = menu;
    this.#files = files;
  }

  get steps(): readonly string[] {
    const { actions } = this.#fake;
    return (actions.isRecording ? actions.recorded : this.#steps).map(({ name }) => name);
  }

  get isRecording(): boolean {
    return this.#fake.actions.isRecording;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get batch(): BatchState | null {
    return this.#batch;
  }

  record(): void {
    this.#fake.actions.startRecording();
    this.#notify();
  }

  stop(): void {
    this.#steps = this.#fake.actions.stopRecording();
    this.#notify();
  }

  play(): Promise<void> {
    return this.#playing(() => this.#fake.actions.play(this.#steps));
  }

  choose(id: string): Promise<void> {
    return this.#playing(async () => {
      const item = this.menu.find((one) => one.id === id);
      if (item !== undefined) await this.#fake.actions.choose(item);
    });
  }

  runBatch(chosen: readonly File[], errors: 'stop' | 'log'): Promise<void> {
    return this.#playing(async () => {
      this.#cancelling = new AbortController();
      const total = chosen.length;
      const files = chosen.map((file) => ({
        name: file.name,
        open: () => this.#files.open(file),
      }));
      const archive = new BatchArchive();
      let lines: readonly BatchEntry[] = [];
      this.#show({ lines, total, isRunning: true });
      await runBatch(this.#fake.actions, this.#steps, files, {
        errors,
        signal: this.#cancelling.signal,
        close: async (document, outcome) => {
          if (outcome === 'done') {
            const { name, bytes } = this.#files.psdOf(document);
            archive.add(name, bytes);
          }
          this.#fake.close(document);
        },
        onEntry: (entry) => {
          lines = [...lines, entry];
          this.#show({ lines, total, isRunning: true });
        },
      });
      if (!archive.isEmpty) this.#files.deliver(archive.finish());
      this.#show({ lines, total, isRunning: false });
    });
  }

  cancelBatch(): void {
    this.#cancelling.abort();
    this.#fake.modal.cancel();
  }

  closeBatch(): void {
    this.#show(null);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #playing(work: () => Promise<void>): Promise<void> {
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    this.#notify();
    try {
      await work();
    } finally {
      this.#isPlaying = false;
      this.#notify();
    }
  }

  #show(batch: BatchState | null): void {
    this.#batch = batch;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
