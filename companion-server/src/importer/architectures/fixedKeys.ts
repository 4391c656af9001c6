import * as z from 'zod';

type Fixed = string | number | boolean;

/**
 * Schema of config keys of which the builder supports one value: left out, null or that value. Any other value belongs
 * to another family of networks (SDXL, LCM, inpainting), which would load but give wrong pictures.
 */
export function fixedKeys<const K extends Readonly<Record<string, Fixed>>>(keys: K) {
  const schemas = Object.entries(keys).map(([key, value]) => [key, z.literal(value).nullish()]);
  return Object.fromEntries(schemas) as {
    [P in keyof K]: z.ZodOptional<z.ZodNullable<z.ZodLiteral>>;
  };
}

/** Schema of config keys that must be left out or null: parts that the builder does not write. */
export function absentKeys<const K extends string>(keys: readonly K[]) {
  const schemas = keys.map((key) => [key, z.null().optional()]);
  return Object.fromEntries(schemas) as { [P in K]: z.ZodOptional<z.ZodNull> };
}
