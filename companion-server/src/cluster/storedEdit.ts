import type { EditRequest, IterationReport } from '@emoeditor/shared';
import type { IterationPictures, Picture } from '../pipeline/edit.ts';

/** What a gateway puts into the store for an edit. */
export interface EditInput {
  readonly request: EditRequest;
  readonly proxy: Picture;
}

/** One iteration as a worker stores it. */
export interface StoredIteration {
  readonly report: IterationReport;
  readonly delivered: Picture;
  readonly own: Pick<IterationPictures, 'decodedEdit' | 'delivery'>;
  /** With the first iteration of a run only: they are the same for all. */
  readonly sources: Omit<IterationPictures, 'decodedEdit' | 'delivery'> | null;
}
