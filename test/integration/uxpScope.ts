import vm from 'node:vm';
import { DOCUMENTED_GLOBALS } from '@emoeditor/fake-photoshop/uxp/globalsOfUxp.ts';
import { LANGUAGE_GLOBALS, LANGUAGE_MEMBERS } from '@emoeditor/fake-photoshop/uxp/languageOfUxp.ts';

/**
 * One realm for the samples that cross between the bundle and the fake, as UXP has one. Buffers themselves, as sockets
 * hand them out, are of another.
 */
const SHARED = { DataView, Float32Array, Uint8Array, Uint16Array, Uint32Array };

/** Deletes what UXP may lack from the scope it runs in. Takes the lists as JSON: a scope sees nothing outside it. */
const FORGET = `(globals, members) => {
  const find = (path) => path.split('.').reduce((at, name) => at[name], globalThis);
  for (const [path, known] of Object.entries(members)) {
    const owner = find(path);
    if (owner === undefined) continue;
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (!known.includes(name)) delete owner[name];
    }
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!globals.includes(name)) delete globalThis[name];
  }
}`;

/**
 * A global scope like a plugin's: classic, no code out of strings, the language of ES2020, and of the web only what
 * Adobe documents.
 * @param given what the host hands in: documented globals alone
 */
export function uxpScope(given: Readonly<Record<string, unknown>>): vm.Context {
  for (const name of Object.keys(given)) {
    if (!DOCUMENTED_GLOBALS.has(name)) throw new Error(`UXP documents no global “${name}”.`);
  }
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  const members = Object.entries(LANGUAGE_MEMBERS).map(([name, known]) => [name, [...known]]);
  const forget = vm.runInContext(FORGET, context) as (globals: string[], members: object) => void;
  forget([...LANGUAGE_GLOBALS], Object.fromEntries(members));
  Object.assign(context, SHARED, given);
  vm.runInContext('var window = globalThis, self = globalThis;', context);
  return context;
}
