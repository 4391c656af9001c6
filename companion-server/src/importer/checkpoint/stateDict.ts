import { ImportError } from '../importError.ts';
import { isStoredTensor, type StoredTensor } from './storedTensor.ts';

/** Where training code puts its weights, in the order in which we look. */
const CONTAINERS = [
  'state_dict',
  'model_state_dict',
  'model',
  'module',
  'network',
  'net',
  'params_ema',
  'params',
] as const;

/** What wrappers put before every name: DataParallel, torch.compile. */
const WRAPPERS = ['module.', '_orig_mod.'] as const;

/** Containers within containers; Lightning has one. */
const MAX_DEPTH = 8;
/** Dicts that are looked into; a checkpoint by part has five. It bounds the depth of the recursion too. */
const MAX_DICTS = 1000;

/**
 * The tensors of a checkpoint by name. The rule:
 * 1. The first of `state_dict`, `model_state_dict`, `model`, … that is a dict with tensors somewhere in it is looked
 *    into, again and again, so that what training keeps beside the weights is left aside: optimisers, a best loss.
 * 2. All tensors of the dict that is reached count, and those of dicts within it (`{unet: {…}, vae: {…}}`), their keys
 *    joined by dots.
 * 3. A prefix `module.` or `_orig_mod.` that every name has is taken off.
 * @param where the pickle's name in messages
 * @throws ImportError NOT_A_CHECKPOINT
 */
export function stateDictOf(root: unknown, where: string): Map<string, StoredTensor> {
  const dict = root instanceof Map ? unwrap(root) : new Map<unknown, unknown>();
  const tensors = new Map<string, StoredTensor>();
  collect(dict, '', tensors, new Set());
  if (tensors.size === 0) {
    throw new ImportError(
      'NOT_A_CHECKPOINT',
      `${where} holds ${describe(root)}, expected a dict with tensors by name.`,
      'In Python: torch.save(model.state_dict(), "model.pt").',
    );
  }
  return WRAPPERS.reduce(withoutPrefix, tensors);
}

function unwrap(root: Map<unknown, unknown>): Map<unknown, unknown> {
  let dict = root;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const inner = CONTAINERS.map((key) => dict.get(key)).find(
      (value) => value instanceof Map && hasTensors(value),
    );
    if (inner === undefined) break;
    dict = inner as Map<unknown, unknown>;
  }
  return dict;
}

function hasTensors(dict: Map<unknown, unknown>): boolean {
  const found = new Map<string, StoredTensor>();
  collect(dict, '', found, new Set());
  return found.size > 0;
}

/** @param seen dicts that were entered: each is entered once, for a pickle may hold one a million times, or itself */
function collect(
  dict: Map<unknown, unknown>,
  prefix: string,
  tensors: Map<string, StoredTensor>,
  seen: Set<unknown>,
): void {
  seen.add(dict);
  for (const [key, value] of dict) {
    if (typeof key !== 'string') continue;
    if (isStoredTensor(value)) tensors.set(prefix + key, value);
    else if (value instanceof Map && seen.size < MAX_DICTS && !seen.has(value)) {
      collect(value, `${prefix}${key}.`, tensors, seen);
    }
  }
}

function withoutPrefix(
  tensors: Map<string, StoredTensor>,
  prefix: string,
): Map<string, StoredTensor> {
  const isEverywhere = [...tensors.keys()].every((name) => name.startsWith(prefix));
  if (!isEverywhere) return tensors;
  return new Map(Array.from(tensors, ([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function describe(root: unknown): string {
  if (!(root instanceof Map)) return isStoredTensor(root) ? 'one tensor without a name' : 'no dict';
  const keys = [...root.keys()].filter((key) => typeof key === 'string').slice(0, 10);
  return `a dict with ${keys.length === 0 ? 'no names' : keys.join(', ')} and no tensors`;
}
