import { expect } from 'vitest';

/**
 * Typed arrays are compared number by number: what Vitest does by default, for any object, takes a thousand times as
 * long, which is seconds for a picture.
 */
function equalNumbers(a: unknown, b: unknown): boolean | undefined {
  if (!isNumbers(a) || !isNumbers(b)) return undefined;
  if (kindOf(a) !== kindOf(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** A Buffer is a Uint8Array here, as it is for Vitest. */
const kindOf = (value: object): string => Object.prototype.toString.call(value);

const isNumbers = (value: unknown): value is ArrayLike<unknown> & object =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

expect.addEqualityTesters([equalNumbers]);
