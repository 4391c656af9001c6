import { Zip, ZipPassThrough } from 'fflate';

/**
 * What a batch saved, as one zip file. Browsers drop downloads when a page starts more than about ten at
 * once, and ask about each; one download is neither lost nor in the way.
 */
export class BatchArchive {
  readonly #parts: BlobPart[] = [];
  readonly #names = new Set<string>();
  readonly #zip = new Zip((error, part) => {
    if (error !== null) throw error;
    // Blobs may be kept on disk by the browser; arrays stay in the page's memory.
    this.#parts.push(new Blob([part as Uint8Array<ArrayBuffer>]));
  });

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** Two files of one name are both kept: the second is “name 2.psd”. */
  add(name: string, bytes: Uint8Array): void {
    // Stored, not deflated: the channels of a PSD are packed already.
    const entry = new ZipPassThrough(this.#free(name));
    this.#zip.add(entry);
    entry.push(bytes, true);
  }

  /** The archive; nothing can be added afterwards. */
  finish(): Blob {
    this.#zip.end();
    return new Blob(this.#parts, { type: 'application/zip' });
  }

  #free(name: string): string {
    const [, stem, ending] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [name, name, ''];
    let free = name;
    for (let at = 2; this.#names.has(free); at++) free = `${stem} ${at}${ending ?? ''}`;
    this.#names.add(free);
    return free;
  }
}
