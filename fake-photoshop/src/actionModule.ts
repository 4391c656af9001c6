import type { LayerContent } from './content.ts';
import { playLayerCommand } from './layerCommands.ts';
import { type MaskDescriptor, playMaskCommand } from './maskCommands.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';
import type { Notifications } from './notifications.ts';
import { PhotoshopError } from './photoshopError.ts';

interface Reference {
  readonly _ref?: string;
  readonly _id?: number;
  readonly _property?: string;
}

interface Descriptor {
  readonly _obj: string;
  readonly _target?: readonly Reference[];
  readonly to?: Readonly<Record<string, unknown>>;
  readonly textData?: unknown;
}

export interface RecordedStep {
  readonly name: string;
  readonly methodName: string;
  readonly info: unknown;
}

interface ActionHost {
  documentOf(id: number | undefined): DocumentModel;
  readonly modal: ModalHost;
  readonly notifications: Notifications;
  /** Whether the command that copies masks is there; it is documented nowhere. */
  readonly copiesMasks: boolean;
  record(step: RecordedStep): void;
  copyText(text: string): void;
}

/** Properties of a layer that `get` answers; undefined where the layer has none of it. */
const PROPERTIES: Readonly<Record<string, (layer: LayerContent) => unknown>> = {
  hasUserMask: ({ mask }) => mask !== null,
  userMaskEnabled: ({ mask, isMaskEnabled }) => (mask === null ? undefined : isMaskEnabled),
  userMaskDensity: ({ mask, maskDensity }) => (mask === null ? undefined : maskDensity),
  userMaskFeather: ({ mask, maskFeather }) => (mask === null ? undefined : maskFeather),
  hasVectorMask: ({ vectorMask }) => vectorMask !== null,
  layerEffects: ({ hasEffects }) => (hasEffects ? {} : undefined),
  blendClipped: ({ blendsClippedAsGroup }) => blendsClippedAsGroup,
  knockout: ({ advancedBlending }) => advancedBlending['knockout'],
  blendRange: ({ advancedBlending }) => advancedBlending['blendRange'],
  channelRestrictions: ({ advancedBlending }) => advancedBlending['channelRestrictions'],
};

/** Photoshop's `action` (ps-reference/media/photoshopaction.md), with the commands that the panel plays. */
export function actionModuleOf(host: ActionHost) {
  const { documentOf, modal, notifications, record } = host;
  return {
    /** A failed command resolves with an error descriptor; it ends the list (batchplay.md, "Errors", "continueOnError"). */
    async batchPlay(
      commands: readonly Descriptor[],
      { continueOnError = false }: { continueOnError?: boolean } = {},
    ): Promise<object[]> {
      if (!Array.isArray(commands)) {
        throw new PhotoshopError('Argument 1 has an invalid type. Expected type: array');
      }
      modal.assertNotCancelled();
      const answers: object[] = [];
      for (const command of commands) {
        const answer = play(command, host);
        answers.push(answer);
        if ('_obj' in answer && !continueOnError) break;
      }
      return answers;
    },
    /** "Synchronously validates the given action reference" (photoshopaction.md, "validateReference"). */
    validateReference(reference: readonly Reference[]): boolean {
      try {
        const of = (ref: string) => reference.find(({ _ref }) => _ref === ref)?._id;
        const layer = of('layer');
        const document = documentOf(of('document'));
        return layer === undefined || document.layer(layer) !== null;
      } catch {
        return false;
      }
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
    /** Adds a step to the action that is being recorded (action-recording.md). */
    async recordAction(
      step: { name: string; methodName: string },
      info: Readonly<Record<string, unknown>>,
    ): Promise<void> {
      if (typeof step.methodName !== 'string') throw new PhotoshopError('Unsupported napi type');
      if (typeof info !== 'object') throw new PhotoshopError('Failed Error: Argument 2 is missing');
      const nested = Object.entries(info).find(([, value]) => typeof value === 'object');
      // Whole numbers of a descriptor have 32 bits and a sign (photoshopaction.md); larger ones may come back changed.
      const tooLarge = Object.entries(info).find(
        ([, value]) => Number.isInteger(value) && Math.abs(value as number) > 0x7fffffff,
      );
      if (tooLarge !== undefined) throw new PhotoshopError(`“${tooLarge[0]}” is too large.`);
      // How nested descriptors are recorded is not documented, so the fake accepts flat ones only.
      if (nested !== undefined) throw new PhotoshopError(`“${nested[0]}” is not a plain value.`);
      record({ ...step, info: structuredClone(info) });
    },
  };
}

const failed = (message: string, result = -25922) => ({ _obj: 'error', message, result });

const XMP = 'XMPMetadataAsUTF8';

/** Reads or writes the XMP metadata of a document; null for any other command. */
function playXmp(
  { _obj, _target = [], to = {} }: Descriptor,
  document: DocumentModel,
  modal: ModalHost,
): object | null {
  if (!_target.some(({ _property }) => _property === XMP)) return null;
  if (_obj === 'get') return { [XMP]: document.content.xmp ?? '' };
  const xmp = to[XMP];
  if (_obj !== 'set' || typeof xmp !== 'string') return null;
  modal.edit(document, 'File Info', 'set', () => document.change({ ...document.content, xmp }));
  return {};
}

/** The command by which scripts put text onto the clipboard. It needs no document. */
function playTextToClipboard({ _obj, textData }: Descriptor, { modal, copyText }: ActionHost) {
  if (_obj !== 'textToClipboard' || typeof textData !== 'string') return false;
  modal.assertModal('textToClipboard');
  copyText(textData);
  return true;
}

function play(command: Descriptor & MaskDescriptor, host: ActionHost): object {
  const { documentOf, modal, copiesMasks } = host;
  if (playTextToClipboard(command, host)) return {};
  const { _obj, _target = [], to = {} } = command;
  const of = (ref: string) => _target.find(({ _ref }) => _ref === ref)?._id;
  const name = _target.find(({ _property }) => _property !== undefined)?._property ?? '';
  const property = PROPERTIES[name];
  const answer = playXmp({ _obj, _target, to }, documentOf(of('document')), modal);
  if (answer !== null) return answer;
  if (_obj !== 'get' || property === undefined) {
    const document = documentOf(of('document'));
    const isLeftOut = _obj === 'make' && !copiesMasks;
    if (!isLeftOut && playMaskCommand(command, document, modal)) return {};
    if (playLayerCommand(_obj, document, of('layer') ?? null, modal)) return {};
    return failed(`The command “${_obj} ${name}” is not currently available.`, -1);
  }
  const layer = documentOf(of('document')).layer(of('layer') ?? -1);
  if (layer === null) return failed('The object “layer” is not currently available.');
  const value = property(layer);
  return value === undefined ? failed(`The layer has no “${name}”.`) : { [name]: value };
}
