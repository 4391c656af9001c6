import type { ExecutionContext } from 'photoshop/dom/CoreModules';
import { CancelController, type CancelSignal } from '../cancellation.ts';
import type { HostInfo, HostPort } from './hostPort.ts';
import { type EnterModal, type ModalScope, modalInScope, modalWithin } from './modal.ts';
import { photoshopHost, type ResultSources } from './photoshopHost.ts';
import type { PhotoshopModule } from './photoshopModule.ts';

/** A host of which everything happens in one modal time, with that time's progress bar and cancel button. */
export interface HeldHost {
  readonly host: HostPort;
  readonly signal: CancelSignal;
  report(fraction: number, text: string): void;
}

interface Playback {
  readonly photoshop: PhotoshopModule;
  readonly info: HostInfo;
  readonly sources: ResultSources;
  /** Part of the bar, from its end, that writing layers fills; the rest is the caller's. */
  readonly writingShare: number;
}

/** In the modal time that a playing action hands over (action-recording.md). */
export function heldByAction<T>(
  playback: Playback,
  context: ExecutionContext,
  name: string,
  work: (held: HeldHost) => Promise<T>,
): Promise<T> {
  return holdHost(playback, modalWithin(context), name, work);
}

/** In a modal time of its own, so that an action that plays a menu item waits for its end. */
export function holdHost<T>(
  { photoshop, info, sources, writingShare }: Playback,
  enterModal: EnterModal,
  name: string,
  work: (held: HeldHost) => Promise<T>,
): Promise<T> {
  const { signal } = new CancelController();
  return enterModal(
    name,
    (scope) => {
      const writing: ModalScope = {
        ...scope,
        report: (fraction, text) => scope.report(1 - writingShare + fraction * writingShare, text),
      };
      const host = photoshopHost(photoshop, info, modalInScope(writing), sources);
      return work({ host, signal: scope.signal, report: scope.report });
    },
    signal,
  );
}
