import { isError } from './batchPlayAnswer.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import { selectLayer } from './playOn.ts';

const MASK = { _ref: 'channel', _enum: 'channel', _value: 'mask' };

/** How a mask is softened and weakened without its pixels being changed, as `get` answers it. */
const LOOKS = ['userMaskDensity', 'userMaskFeather'] as const;

/**
 * Gives a layer the mask of another one, as dragging it with Alt does: with its density and feather, and with what it has
 * beyond its pixels. Call it in a modal scope; the layer that gets it is then the active one.
 * @returns false where the host does not do it, and nothing was changed but which layer is active
 */
export async function copyMask(
  photoshop: PhotoshopModule,
  documentId: number,
  fromId: number,
  toId: number,
): Promise<boolean> {
  await selectLayer(photoshop, documentId, toId);
  const [answer] = await photoshop.action.batchPlay(
    [
      {
        _obj: 'make',
        new: { _class: 'channel' },
        at: { _ref: [MASK, { _ref: 'layer', _id: toId }] },
        using: { _ref: [MASK, { _ref: 'layer', _id: fromId }] },
        duplicate: true,
      },
    ],
    {},
  );
  if (isError(answer)) return false;
  await copyMaskLooks(photoshop, documentId, fromId, toId);
  return true;
}

/**
 * Gives a mask the density and the feather of another one's, where it has others: whether they come along with a copy is
 * documented nowhere. Call it in a modal scope.
 */
export async function copyMaskLooks(
  { action }: Pick<PhotoshopModule, 'action'>,
  documentId: number,
  fromId: number,
  toId: number,
): Promise<void> {
  const layer = (id: number) => [
    { _ref: 'layer', _id: id },
    { _ref: 'document', _id: documentId },
  ];
  const ask = (id: number) =>
    LOOKS.map((property) => ({ _obj: 'get', _target: [{ _property: property }, ...layer(id)] }));
  const answers = await action.batchPlay([...ask(fromId), ...ask(toId)], { continueOnError: true });
  for (const [at, property] of LOOKS.entries()) {
    const from = unitValue(answers[at], property);
    const to = unitValue(answers[at + LOOKS.length], property);
    if (from === null || from === to) continue;
    const value =
      property === 'userMaskDensity'
        ? { _unit: 'percentUnit', _value: (from / FULL_DENSITY) * 100 }
        : { _unit: 'pixelsUnit', _value: from };
    await action.batchPlay(
      [{ _obj: 'set', _target: layer(toId), to: { _obj: 'layer', [property]: value } }],
      {},
    );
  }
}

/** `get` answers densities from 0 to 255. */
const FULL_DENSITY = 255;

/** A number, or a number with a unit. */
function unitValue(answer: object | undefined, property: string): number | null {
  const value = (answer as Readonly<Record<string, unknown>> | undefined)?.[property];
  if (typeof value === 'number') return value;
  const inner = (value as { readonly _value?: unknown } | undefined)?._value;
  return typeof inner === 'number' ? inner : null;
}
