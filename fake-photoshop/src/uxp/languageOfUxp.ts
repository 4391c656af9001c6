/**
 * The JavaScript that UXP certainly supports: ES2020. The version of its V8 is undocumented; a published toolkit for UXP
 * (bubblydoo/uxp-toolkit) supplies `Error.cause`, which is V8 9.3, so what came with or after that may be missing.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Names of the global scope that are part of the language. */
export const LANGUAGE_GLOBALS = words(
  `Infinity NaN undefined globalThis eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error
  EvalError Float32Array Float64Array Function Int8Array Int16Array Int32Array Map Number Object Promise Proxy RangeError
  ReferenceError RegExp Set String Symbol SyntaxError TypeError Uint8Array Uint8ClampedArray Uint16Array Uint32Array
  URIError WeakMap WeakSet JSON Math Reflect Intl`,
);

/** Members by the object that has them; an object that is not here keeps all that it has. */
export const LANGUAGE_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: words(
    `length name prototype assign create defineProperties defineProperty entries freeze fromEntries
    getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is
    isExtensible isFrozen isSealed keys preventExtensions seal setPrototypeOf values`,
  ),
  Array: words('length name prototype from isArray of'),
  'Array.prototype': words(
    `constructor length concat copyWithin entries every fill filter find findIndex flat flatMap forEach includes indexOf
    join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString toString
    unshift values`,
  ),
  'String.prototype': words(
    `constructor length anchor big blink bold charAt charCodeAt codePointAt concat endsWith fixed fontcolor fontsize
    includes indexOf italics lastIndexOf link localeCompare match matchAll normalize padEnd padStart repeat replace search
    slice small split startsWith strike sub substr substring sup toLocaleLowerCase toLocaleUpperCase toLowerCase toString
    toUpperCase trim trimEnd trimLeft trimRight trimStart valueOf`,
  ),
  Promise: words('length name prototype all allSettled race reject resolve'),
  Map: words('length name prototype'),
  'Map.prototype': words('constructor clear delete entries forEach get has keys set size values'),
  'Set.prototype': words('constructor add clear delete entries forEach has keys size values'),
  Error: words('length name prototype captureStackTrace stackTraceLimit'),
  ArrayBuffer: words('length name prototype isView'),
  'ArrayBuffer.prototype': words('constructor byteLength slice'),
};

/** Newer members of arrays, strings, buffers and classes, which a test looks for by name in the bundle. */
export const LATER_METHODS = words(
  `at hasOwn groupBy findLast findLastIndex toReversed toSorted toSpliced with replaceAll isWellFormed toWellFormed any
  withResolvers union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom fromAsync
  transfer transferToFixedLength structuredClone deref waitAsync`,
);
