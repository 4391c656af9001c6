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

/** Photoshop 23.1. */
export interface ReferenceValidator {
  validateReference(reference: readonly { readonly _ref: string; readonly _id: number }[]): boolean;
}

/** Photoshop 23.3; `awake` and `sleep` 27.4 (eventcodes.md, "Core Events"). */
export interface CoreNotifier {
  addNotificationListener(
    group: 'UI' | 'OS',
    events: readonly string[],
    listener: (event: string, descriptor: { readonly visible?: unknown }) => void,
  ): Promise<void>;
  removeNotificationListener(
    group: 'UI' | 'OS',
    events: readonly string[],
    listener: (event: string, descriptor: { readonly visible?: unknown }) => void,
  ): Promise<void>;
}
