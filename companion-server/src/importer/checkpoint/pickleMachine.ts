import { createPickleInput, type PickleInput } from './pickleInput.ts';

/** Class or function that a pickle refers to by name. The named code is never run; `call` is our own stand-in. */
export interface PickleGlobal {
  readonly name: string;
  /** Result of a call in the pickle; when left out, calling is refused. */
  readonly call?: (args: PickleTuple) => unknown;
}

/** An object that is not interpreted, such as the settings of a training run. */
export interface PickleOpaque {
  readonly opaque: string;
  /** Its constructor arguments and state, which may contain tensors. */
  readonly holds: unknown[];
}

/** Resolves everything in a pickle that is not a plain value. */
export interface PickleWorld {
  /** The pickle's name in messages. */
  readonly where: string;
  /** @throws ImportError UNSUPPORTED for every name that is not on the list */
  find(name: string): PickleGlobal;
  /** What a persistent id stands for: PyTorch's storages. */
  persistent(id: unknown): unknown;
  /** Receives every value a call returns, even if it ends up unreferenced. */
  made(value: unknown): void;
}

/** Frozen, unlike a list. */
export type PickleTuple = readonly unknown[];

interface Machine {
  readonly input: PickleInput;
  readonly world: PickleWorld;
  readonly stack: unknown[];
  /** Stack heights at the marks. */
  readonly marks: number[];
  readonly memo: Map<number, unknown>;
}

type CarryOut = (machine: Machine) => void;

/**
 * The value that a pickle describes: dicts are Maps, lists arrays, tuples frozen arrays, sets Sets. A table of opcodes
 * builds plain values and asks `world` for the rest. No code named in the pickle is executed, every operand is bounded
 * by the pickle's length, and shared values are shared, so that time and memory are linear in that length.
 * Source: CPython, Lib/pickletools.py, protocols 2 to 5.
 * @throws ImportError NOT_A_CHECKPOINT, UNSUPPORTED
 */
export function unpickle(pickle: Uint8Array<ArrayBuffer>, world: PickleWorld): unknown {
  const input = createPickleInput(pickle, world.where);
  const machine: Machine = { input, world, stack: [], marks: [], memo: new Map() };
  for (;;) {
    const opcode = input.u8();
    if (opcode === STOP) return pop(machine);
    const carryOut = OPCODES.get(opcode);
    if (carryOut === undefined) {
      throw input.damaged(`it has an instruction 0x${opcode.toString(16)} that is not carried out`);
    }
    (carryOut as (machine: Machine) => void)(machine);
  }
}

const STOP = 0x2e;

/** By the letters that pickletools gives them, where they have one. */
const OPCODES = tableOf([
  [0x80, (m) => protocol(m)],
  [0x95, (m) => void m.input.length64()], // FRAME
  ['(', (m) => void m.marks.push(m.stack.length)],
  ['0', (m) => void pop(m)],
  ['1', (m) => void popToMark(m)],
  ['2', (m) => push(m, top(m))],
  ['N', (m) => push(m, null)],
  [0x88, (m) => push(m, true)],
  [0x89, (m) => push(m, false)],
  ['J', (m) => push(m, m.input.i32())],
  ['K', (m) => push(m, m.input.u8())],
  ['M', (m) => push(m, m.input.u16())],
  [0x8a, (m) => push(m, m.input.integer(m.input.u8()))], // LONG1
  ['G', (m) => push(m, m.input.f64())],
  ['X', (m) => push(m, m.input.text(m.input.u32()))],
  [0x8c, (m) => push(m, m.input.text(m.input.u8()))], // SHORT_BINUNICODE
  [0x8d, (m) => push(m, m.input.text(m.input.length64()))], // BINUNICODE8
  ['T', (m) => push(m, m.input.text(m.input.u32()))],
  ['U', (m) => push(m, m.input.text(m.input.u8()))],
  ['B', (m) => push(m, m.input.bytes(m.input.u32()))],
  ['C', (m) => push(m, m.input.bytes(m.input.u8()))],
  [0x8e, (m) => push(m, m.input.bytes(m.input.length64()))], // BINBYTES8
  ['}', (m) => push(m, new Map())],
  [']', (m) => push(m, [])],
  [')', (m) => push(m, tuple([]))],
  [0x8f, (m) => push(m, new Set())],
  ['t', (m) => push(m, tuple(popToMark(m)))],
  [0x85, (m) => push(m, tuple(popMany(m, 1)))],
  [0x86, (m) => push(m, tuple(popMany(m, 2)))],
  [0x87, (m) => push(m, tuple(popMany(m, 3)))],
  ['l', (m) => push(m, popToMark(m))],
  ['d', (m) => push(m, setItems(m, new Map(), popToMark(m)))],
  ['a', (m) => append(m, popMany(m, 1))],
  ['e', (m) => append(m, popToMark(m))],
  ['s', (m) => setOnTop(m, popMany(m, 2))],
  ['u', (m) => setOnTop(m, popToMark(m))],
  [0x90, (m) => addItems(m, popToMark(m))],
  [0x91, (m) => push(m, new Set(popToMark(m)))], // FROZENSET
  ['h', (m) => recall(m, m.input.u8())],
  ['j', (m) => recall(m, m.input.u32())],
  ['q', (m) => void m.memo.set(m.input.u8(), top(m))],
  ['r', (m) => void m.memo.set(m.input.u32(), top(m))],
  [0x94, (m) => void m.memo.set(m.memo.size, top(m))], // MEMOIZE
  ['c', (m) => push(m, m.world.find(`${m.input.line()}.${m.input.line()}`))],
  [0x93, (m) => stackGlobal(m)],
  ['R', (m) => call(m)],
  [0x81, (m) => call(m)], // NEWOBJ
  ['b', (m) => build(m)],
  ['Q', (m) => push(m, m.world.persistent(pop(m)))],
]);

function tableOf(rows: readonly (readonly [string | number, CarryOut])[]): Map<number, CarryOut> {
  return new Map(
    rows.map(([code, carryOut]) => [
      typeof code === 'string' ? code.charCodeAt(0) : code,
      carryOut,
    ]),
  );
}

const tuple = (items: unknown[]): PickleTuple => Object.freeze(items);
export const isTuple = (value: unknown): value is PickleTuple =>
  Array.isArray(value) && Object.isFrozen(value);
const isList = (value: unknown): value is unknown[] =>
  Array.isArray(value) && !Object.isFrozen(value);
const isGlobal = (value: unknown): value is PickleGlobal =>
  typeof value === 'object' && value !== null && 'name' in value;

function push({ stack }: Machine, value: unknown): void {
  stack.push(value);
}

function top({ stack, marks, input }: Machine): unknown {
  if (stack.length <= (marks.at(-1) ?? 0))
    throw input.damaged('it takes a value that is not there');
  return stack.at(-1);
}

function pop(machine: Machine): unknown {
  const value = top(machine);
  machine.stack.pop();
  return value;
}

function popMany(machine: Machine, count: number): unknown[] {
  return Array.from({ length: count }, () => pop(machine)).reverse();
}

function popToMark({ stack, marks, input }: Machine): unknown[] {
  const mark = marks.pop();
  if (mark === undefined) throw input.damaged('it has no mark');
  return stack.splice(mark);
}

function protocol({ input }: Machine): void {
  const version = input.u8();
  if (version < 2 || version > 5)
    throw input.damaged(`it says protocol ${version}, expected 2 to 5,`);
}

function recall(machine: Machine, key: number): void {
  if (!machine.memo.has(key)) throw machine.input.damaged('it recalls a value that is not there');
  push(machine, machine.memo.get(key));
}

function append(machine: Machine, items: unknown[]): void {
  const list = top(machine);
  if (!isList(list)) throw machine.input.damaged('it appends to what is no list');
  for (const item of items) list.push(item);
}

function setOnTop(machine: Machine, items: unknown[]): void {
  const dict = top(machine);
  if (dict instanceof Map) setItems(machine, dict, items);
  else if (isOpaque(dict)) dict.holds.push(items);
  else throw machine.input.damaged('it sets an entry of what is no dict');
}

function setItems(
  machine: Machine,
  dict: Map<unknown, unknown>,
  items: unknown[],
): Map<unknown, unknown> {
  if (items.length % 2 !== 0) throw machine.input.damaged('it sets a key without a value');
  for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  return dict;
}

function addItems(machine: Machine, items: unknown[]): void {
  const set = top(machine);
  if (!(set instanceof Set)) throw machine.input.damaged('it adds to what is no set');
  for (const item of items) set.add(item);
}

function stackGlobal(machine: Machine): void {
  const [module, name] = popMany(machine, 2);
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw machine.input.damaged('it names a class without a name');
  }
  push(machine, machine.world.find(`${module}.${name}`));
}

function call(machine: Machine): void {
  const [callee, args] = popMany(machine, 2);
  if (!isGlobal(callee) || !isTuple(args)) throw machine.input.damaged('it calls what is no class');
  if (callee.call === undefined) throw machine.input.damaged(`it calls ${callee.name}`);
  const made = callee.call(args);
  machine.world.made(made);
  push(machine, made);
}

/** State that Python would give an object: a state dict's `_metadata`, a parameter's hooks. */
function build(machine: Machine): void {
  const state = pop(machine);
  const target = top(machine);
  if (typeof target !== 'object' || target === null || isTuple(target)) {
    throw machine.input.damaged('it gives a state to what has none');
  }
  if (isOpaque(target)) target.holds.push(state);
}

export const isOpaque = (value: unknown): value is PickleOpaque =>
  typeof value === 'object' && value !== null && 'opaque' in value;
