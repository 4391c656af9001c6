/** Crockford's base 32: no I, L, O or U, so that a code read aloud or off a screen cannot be mistaken. */
export const PAIRING_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const PAIRING_CODE_LENGTH = 10;

/** What the user typed as the code that was meant: case, dashes, spaces and look-alike letters do not matter. */
export function normalisePairingCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/** True for anything that could be a code: the panel asks this before it connects. */
export function isPairingCode(typed: string): boolean {
  const code = normalisePairingCode(typed);
  return (
    code.length === PAIRING_CODE_LENGTH &&
    [...code].every((char) => PAIRING_ALPHABET.includes(char))
  );
}

/** `7K3MQ-X9TRB`. */
export function formatPairingCode(code: string): string {
  const half = PAIRING_CODE_LENGTH / 2;
  return `${code.slice(0, half)}-${code.slice(half)}`;
}
