import type { PhotoshopModule } from './photoshopModule.ts';

/** @throws Error with Photoshop's own message: a command that fails resolves with an error descriptor */
export async function playOn(
  { action }: PhotoshopModule,
  command: { readonly _obj: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const [answer] = (await action.batchPlay([command], {})) as readonly {
    readonly _obj?: string;
    readonly message?: string;
  }[];
  if (answer?._obj === 'error') throw new Error(answer.message ?? `${command._obj} failed`);
}

/** Makes a layer the only active one: menu commands work on what is active. */
export function selectLayer(
  photoshop: PhotoshopModule,
  documentId: number,
  layerId: number,
): Promise<void> {
  return playOn(photoshop, {
    _obj: 'select',
    _target: [
      { _ref: 'layer', _id: layerId },
      { _ref: 'document', _id: documentId },
    ],
    makeVisible: false,
  });
}
