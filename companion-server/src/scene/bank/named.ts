import * as z from 'zod';

/** Error message for an unknown name. */
export const unknownName = (what: string, came: string, known: readonly string[]) =>
  `Expected ${what} of ${known.join(', ')}, but got “${came}”. Correct the name or remove the entry.`;

/** An object in which every known name may be left out and any other name is an error. */
export const namedEntries = <Name extends string, Value extends z.ZodType>(
  what: string,
  names: readonly Name[],
  schemaOf: (name: Name) => Value,
) => {
  const shape = Object.fromEntries(names.map((name) => [name, schemaOf(name).optional()]));
  return z.strictObject(shape as unknown as Record<Name, z.ZodOptional<Value>>, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? unknownName(what, issue.keys.join('”, “'), names)
        : undefined,
  });
};
