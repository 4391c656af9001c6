/** The name that diffusers gives a tensor, or null for one that belongs to another part. */
export type NameMap = (name: string) => string | null;

/** What to replace in a name, and by what. All rules are tried in their order. */
export type NameRules = readonly (readonly [RegExp, string])[];

export const renameBy = (rules: NameRules, name: string): string =>
  rules.reduce((renamed, [pattern, by]) => renamed.replace(pattern, by), name);

/** Only names with a prefix, without it. */
export const withoutPrefix =
  (prefix: string, then: NameMap = (name) => name): NameMap =>
  (name) =>
    name.startsWith(prefix) ? then(name.slice(prefix.length)) : null;
