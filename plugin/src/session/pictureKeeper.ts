import type { HostPort } from '../host/hostPort.ts';
import type { EditPlan } from './editPlan.ts';
import type { PanelState, Result } from './panelState.ts';

/** Gives back the memory of pictures that no state shows any more. */
export class PictureKeeper {
  readonly #host: Pick<HostPort, 'forgetPicture'>;
  #shown: ReadonlySet<string> = new Set();

  constructor(host: Pick<HostPort, 'forgetPicture'>) {
    this.#host = host;
  }

  /** @param pictures all that are shown now */
  keep(pictures: ReadonlySet<string>): void {
    for (const picture of this.#shown) {
      if (!pictures.has(picture)) this.#host.forgetPicture(picture);
    }
    this.#shown = pictures;
  }
}

/** Every picture that the panel shows, or will show when it is asked for an earlier result. */
export function picturesIn(state: PanelState, plan: EditPlan): ReadonlySet<string> {
  const { run, kept, reading, layerReading } = state;
  const pictures = new Set<string>();
  const add = ({ subject, frames }: Pick<Result, 'subject' | 'frames'>) => {
    pictures.add(subject.before);
    for (const { picture } of frames) pictures.add(picture);
  };
  if (reading.kind === 'read') pictures.add(reading.picture);
  if (layerReading?.picture) pictures.add(layerReading.picture);
  if (run.kind === 'editing') add(run);
  if (run.kind === 'ended' || run.kind === 'applying') add(run.result);
  for (const result of kept) add(result);
  for (const { before, after } of plan.rows) {
    if (before !== null) pictures.add(before);
    if (after !== null) pictures.add(after);
  }
  return pictures;
}
