import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(path, import.meta.url)), { encoding: 'utf8' });

/** Ids of the rules, as the specification gives them: `- **JB5** …`. */
const rules = [...read('../../shared/SPEC.md').matchAll(/^- \*\*([A-Z]{2}\d+)\*\* /gm)].map(
  ([, id]) => id as string,
);

/** A text that begins with ids, as the names of tests do: `'CM3, CM4: …'`, `'[RS1] [RS2] …'`. */
const QUOTING = /['"`](?=\[?[A-Z]{2}\d+\b)((?:\[?[A-Z]{2}\d+[\],:]*\s?)+)/g;

const quoted = new Set(
  readdirSync(fileURLToPath(new URL('..', import.meta.url)), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => [...read(`../${name}`).matchAll(QUOTING)])
    .flatMap(([, ids = '']) => ids.match(/[A-Z]{2}\d+/g) ?? []),
);

const sectionOf = (id: string) => id.slice(0, 2);

describe('the rules of shared/SPEC.md', () => {
  it('are found, each id once', () => {
    expect(rules.length).toBeGreaterThan(50);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it('are each quoted by the name of a test', () => {
    expect(rules.filter((id) => !quoted.has(id))).toEqual([]);
  });

  it('are what tests quote: no id of its sections that the specification does not have', () => {
    const sections = new Set(rules.map(sectionOf));
    const ours = [...quoted].filter((id) => sections.has(sectionOf(id)));
    expect(ours.filter((id) => !rules.includes(id))).toEqual([]);
  });
});
