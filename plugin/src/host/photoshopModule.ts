import type { ExecuteAsModalOptions } from 'photoshop/dom/CoreModules';
import type { ActionParameters } from './hostPort.ts';

/** Adobe's module as typed, plus what the published types (25.0.4) lack. */
export type PhotoshopModule = Pick<
  typeof import('photoshop'),
  'app' | 'core' | 'action' | 'imaging' | 'constants'
>;

/** Photoshop 25.0. */
export interface ActionRecorder {
  recordAction(
    step: { readonly name: string; readonly methodName: string },
    info: ActionParameters,
  ): Promise<void>;
}

/** Photoshop 25.10: seconds to wait for whoever holds the host. */
export type ModalOptions = ExecuteAsModalOptions & { readonly timeOut?: number };
