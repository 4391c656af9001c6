import type { PhotoshopModule } from './photoshopModule.ts';

/**
 * What Photoshop says of a layer, one value for each name in its order; undefined for what the layer does not have.
 */
export async function layerProperties(
  { action }: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  id: number,
  names: readonly string[],
): Promise<readonly unknown[]> {
  const answers: readonly object[] = await action.batchPlay(
    names.map((name) => ({
      _obj: 'get',
      _target: [
        { _property: name },
        { _ref: 'layer', _id: id },
        { _ref: 'document', _id: documentId },
      ],
    })),
    // What a layer does not have is answered with an error descriptor, which must not end the list.
    { continueOnError: true },
  );
  return names.map(
    (name, at) => (answers[at] as Readonly<Record<string, unknown>> | undefined)?.[name],
  );
}
