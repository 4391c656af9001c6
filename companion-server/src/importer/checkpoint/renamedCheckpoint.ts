import { ImportError } from '../importError.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Source of a tensor in a view, and the shape it has there. */
export interface Placed {
  /** Name in the checkpoint underneath. */
  readonly from: string;
  /** Another shape of as many elements; without it, its own. */
  readonly shape?: readonly number[];
}

/**
 * Some tensors of a checkpoint under other names. Several views may share one; closing a view closes nothing.
 * @param place name in this view and where it comes from, or null for tensors that are not part of it
 * @throws ImportError UNSUPPORTED when two tensors get the same name
 */
export function renamedCheckpoint(
  checkpoint: Checkpoint,
  place: (
    name: string,
    shape: readonly number[],
  ) => ({ readonly to: string } & Omit<Placed, 'from'>) | null,
): Checkpoint {
  const placed = new Map<string, Placed>();
  for (const [from, shape] of checkpoint.shapes) {
    const found = place(from, shape);
    if (found === null) continue;
    const other = placed.get(found.to);
    if (other !== undefined) throw twice(found.to, other.from, from);
    placed.set(found.to, { from, shape: found.shape ?? shape });
  }
  const find = (name: string) => {
    const found = placed.get(name);
    if (found === undefined) throw new RangeError(`No tensor ${name} in ${checkpoint.path}.`);
    return found.from;
  };
  return {
    path: checkpoint.path,
    files: checkpoint.files,
    shapes: new Map(Array.from(placed, ([name, { shape = [] }]) => [name, shape])),
    nameInFile: find,
    typeOf: (name) => checkpoint.typeOf(find(name)),
    placeOf: (name) => checkpoint.placeOf(find(name)),
    read: (name) => checkpoint.read(find(name)),
    close: async () => {},
  };
}

const twice = (name: string, one: string, other: string) =>
  new ImportError(
    'UNSUPPORTED',
    `Expected one tensor for ${name} but ${one} and ${other} both are.`,
    'The checkpoint mixes two namings; save only one of the networks.',
  );
