import type { DocumentModel } from './model.ts';
import type { Notifications } from './notifications.ts';

interface Reference {
  readonly _ref?: string;
  readonly _id?: number;
  readonly _property?: string;
}

interface Descriptor {
  readonly _obj: string;
  readonly _target?: readonly Reference[];
}

export interface RecordedStep {
  readonly name: string;
  readonly methodName: string;
  readonly info: unknown;
}

/** Photoshop's `action`, with the commands that the panel plays. */
export function actionModuleOf(
  documentOf: (id: number | undefined) => DocumentModel,
  notifications: Notifications,
  record: (step: RecordedStep) => void,
) {
  const play = (command: Descriptor): object => {
    const of = (ref: string) => command._target?.find(({ _ref }) => _ref === ref)?._id;
    const property = command._target?.find(({ _property }) => _property !== undefined)?._property;
    if (command._obj !== 'get' || property !== 'hasUserMask') {
      // A failed command resolves with an error descriptor, it does not reject (batchplay.md, "Errors").
      return {
        _obj: 'error',
        message: `The command “${command._obj}” is not available.`,
        result: -1,
      };
    }
    const layer = documentOf(of('document')).layer(of('layer') ?? -1);
    if (layer === null)
      return { _obj: 'error', message: 'The layer does not exist.', result: -25922 };
    return { hasUserMask: layer.mask !== null };
  };
  return {
    async batchPlay(commands: readonly Descriptor[], _options: object): Promise<object[]> {
      return commands.map(play);
    },
    async addNotificationListener(events: string[], listener: (event: string, d: object) => void) {
      notifications.add(events, listener);
    },
    async removeNotificationListener(
      events: string[],
      listener: (event: string, d: object) => void,
    ) {
      notifications.remove(events, listener);
    },
    /** Adds a step to the action that is being recorded; without one, nothing happens (action-recording.md). */
    async recordAction(step: { name: string; methodName: string }, info: unknown): Promise<void> {
      record({ ...step, info: structuredClone(info) });
    },
  };
}
