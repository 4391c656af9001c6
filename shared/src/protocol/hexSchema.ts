import * as z from 'zod/mini';

/** So many bytes in lower-case hexadecimal. */
export const hexSchema = (bytes: number) =>
  z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));
