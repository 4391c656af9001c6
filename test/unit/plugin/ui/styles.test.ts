import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = new URL('../../../../plugin/src/ui/styles/', import.meta.url);
const sheets = readdirSync(FOLDER).filter((name) => name.endsWith('.css'));

/** What UXP does not lay out or draw (uxp-api/known-issues.md). */
const MISSING = [
  /\bgrid\b/,
  /^\s*(row-|column-)?gap:/m,
  /\bfloat:/,
  /\b(transition|animation)\b/,
  /@keyframes/,
  /^\s*font:/m,
  /\btext-transform:/,
  /\baspect-ratio:/,
  /\bposition:\s*sticky/,
  /\bfilter:/,
];

it.each(sheets)('%s uses only what UXP knows', (name) => {
  const css = readFileSync(new URL(name, FOLDER), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  expect(MISSING.filter((pattern) => pattern.test(css)).map(String)).toEqual([]);
});

it('looks at every sheet of the panel', () => {
  expect(sheets.length).toBeGreaterThan(5);
});
