import type { Content } from './content.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';

/** What suspendHistory answers while a playing action owns the history (executeasmodal.md, a note in its source). */
export const OWNED_BY_ACTION = 4294967295;

/** What `suspendHistory` answers; `finalName` may rename the step before it is resumed. */
export interface Suspension {
  readonly historySuspensionID: number;
  finalName?: string;
}

interface Held {
  readonly document: DocumentModel;
  readonly name: string;
  readonly before: Content;
  readonly suspension: Suspension;
}

/** Suspended histories ("History state suspension"): what happens meanwhile becomes one step, or nothing. */
export class HistoryControl {
  readonly #documents: () => readonly DocumentModel[];
  readonly #held = new Map<number, Held>();
  readonly #ownedByAction = new Set<DocumentModel>();
  /** Documents changed in this turn of the event loop, by step name: Photoshop adds the state in the next turn. */
  readonly #underWay = new Map<DocumentModel, string>();
  #lastId = 0;

  constructor(documents: () => readonly DocumentModel[]) {
    this.#documents = documents;
  }

  /** Records a change of a document whose history is suspended. */
  noteChange(document: DocumentModel, step: string): void {
    this.#underWay.set(document, step);
    setTimeout(() => this.#underWay.delete(document), 0);
  }

  isSuspended(document: DocumentModel): boolean {
    return (
      this.#ownedByAction.has(document) ||
      [...this.#held.values()].some((held) => held.document === document)
    );
  }

  suspend({ documentID, name }: { documentID: number; name: string }): Suspension | number {
    const document = this.#documents().find(({ id }) => id === documentID);
    if (document === undefined) throw new PhotoshopError(`No document ${documentID} is open.`);
    if (this.#ownedByAction.has(document)) return OWNED_BY_ACTION;
    this.#lastId += 1;
    const suspension: Suspension = { historySuspensionID: this.#lastId };
    this.#held.set(this.#lastId, { document, name, before: document.content, suspension });
    return suspension;
  }

  resume(suspension: Suspension | number, commit: boolean): void {
    const id = typeof suspension === 'number' ? suspension : suspension.historySuspensionID;
    const held = this.#held.get(id);
    if (id === OWNED_BY_ACTION || held === undefined) {
      throw new PhotoshopError(`The history suspension ${id} cannot be resumed.`);
    }
    this.#held.delete(id);
    // sd-ppp waits a frame before it resumes: a state that is made in the same turn stays in the history.
    const leaked = this.#underWay.get(held.document);
    this.#underWay.delete(held.document);
    finish(held, commit);
    if (commit && leaked !== undefined) held.document.leak(leaked);
  }

  /** The modal scope ended: what is still suspended is committed, or after an exception cancelled. */
  end(isSuccess: boolean): void {
    for (const held of this.#held.values()) finish(held, isSuccess);
    this.#held.clear();
  }

  /** The Actions panel makes one step of a whole action, if the user chose so. */
  async ownedByAction<T>(
    document: DocumentModel,
    name: string,
    play: () => Promise<T>,
  ): Promise<T> {
    this.#ownedByAction.add(document);
    try {
      return await play();
    } finally {
      this.#ownedByAction.delete(document);
      document.commit(name);
    }
  }
}

function finish({ document, name, before, suspension }: Held, commit: boolean): void {
  if (commit) document.commit(suspension.finalName ?? name);
  else if (document.content !== before) document.change(before);
}
