import { ImportError } from '../importError.ts';
import { isOpaque } from './pickleMachine.ts';
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

/** Prefixes that wrappers add to every name: DataParallel, torch.compile. */
const WRAPPERS = ['module.', '_orig_mod.'] as const;

/** Containers within containers; Lightning has one. */
const MAX_DEPTH = 8;
/** Maximum number of dicts searched, which also bounds the recursion; a checkpoint by part has five. */
const MAX_DICTS = 1000;

export interface StateDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Other entries of the pickle that contain tensors, and the number of unnamed tensors. */
  readonly aside: readonly string[];
}

/** A value and its path: its keys, joined by dots. */
type Entry = readonly [path: string, value: unknown];

/**
 * The tensors of a checkpoint by name. The rule:
 * 1. Descend repeatedly into the first of `state_dict`, `model_state_dict`, `model`, … that is a dict containing
 *    tensors. This leaves out what training stores besides the weights: optimisers, a best loss.
 * 2. Take all tensors of the dict reached and of dicts within it (`{unet: {…}, vae: {…}}`), their keys joined by dots.
 * 3. Remove a prefix `module.` or `_orig_mod.` that every name has.
 * @param made every tensor of the pickle, so that unused ones can be reported
 * @param where the pickle's name in messages
 * @throws ImportError NOT_A_CHECKPOINT
 */
export function stateDictOf(
  root: unknown,
  made: ReadonlySet<StoredTensor>,
  where: string,
): StateDict {
  const { dict, beside } =
    root instanceof Map ? unwrap(root) : { dict: new Map<unknown, unknown>(), beside: [] };
  const found = collect(dict);
  if (found.tensors.size === 0) {
    throw new ImportError(
      'NOT_A_CHECKPOINT',
      `${where} holds ${describe(root)}, expected a dict with tensors by name.`,
      'In Python: torch.save(model.state_dict(), "model.pt").',
    );
  }
  const aside: string[] = [];
  const nameless = new Set(made);
  for (const tensor of found.tensors.values()) nameless.delete(tensor);
  for (const [path, value] of [...found.skipped, ...beside]) {
    const inside = tensorsIn(value, found.seen);
    if (inside.length > 0) aside.push(isStoredTensor(value) ? path : `all of ${path}`);
    for (const tensor of inside) nameless.delete(tensor);
  }
  // E.g. an attribute of a parameter or of a dict, a key of a dict, or an entry that was overwritten.
  if (nameless.size > 0) aside.push(`tensors without a name: ${nameless.size}`);
  return { tensors: WRAPPERS.reduce(withoutPrefix, found.tensors), aside };
}

function unwrap(root: Map<unknown, unknown>): {
  readonly dict: Map<unknown, unknown>;
  readonly beside: readonly Entry[];
} {
  const beside: Entry[] = [];
  let dict = root;
  let prefix = '';
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const key = CONTAINERS.find((name) => {
      const value = dict.get(name);
      return value instanceof Map && collect(value).tensors.size > 0;
    });
    if (key === undefined) break;
    for (const [other, value] of dict) {
      if (other !== key) beside.push([prefix + titleOf(other), value]);
    }
    dict = dict.get(key) as Map<unknown, unknown>;
    prefix += `${key}.`;
  }
  return { dict, beside };
}

interface Collected {
  readonly tensors: Map<string, StoredTensor>;
  /** Entries that are neither a named tensor nor a dict that was searched. */
  readonly skipped: Entry[];
  /** Dicts already searched. Each is searched once, because a pickle may contain one a million times, or in itself. */
  readonly seen: Set<unknown>;
}

function collect(
  dict: Map<unknown, unknown>,
  prefix = '',
  into: Collected = { tensors: new Map(), skipped: [], seen: new Set() },
): Collected {
  const { tensors, skipped, seen } = into;
  seen.add(dict);
  for (const [key, value] of dict) {
    const path = prefix + titleOf(key);
    if (typeof key !== 'string') skipped.push([path, value]);
    else if (isStoredTensor(value)) tensors.set(path, value);
    else if (value instanceof Map && seen.size < MAX_DICTS && !seen.has(value)) {
      collect(value, `${path}.`, into);
    } else skipped.push([path, value]);
  }
  return into;
}

/** Not recursive, because a malicious pickle may nest arbitrarily deep. @param seen values already searched */
function tensorsIn(value: unknown, seen: Set<unknown>): StoredTensor[] {
  const found: StoredTensor[] = [];
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (isStoredTensor(next)) found.push(next);
    const inside = isOpaque(next) ? next.holds : next;
    const isContainer = inside instanceof Map || inside instanceof Set || Array.isArray(inside);
    if (!isContainer || seen.has(inside)) continue;
    seen.add(inside);
    for (const inner of inside.values()) open.push(inner);
  }
  return found;
}

/** Keys may be of any type; nested ones are not spelled out. */
const titleOf = (key: unknown): string => (typeof key === 'object' ? '…' : String(key));

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
