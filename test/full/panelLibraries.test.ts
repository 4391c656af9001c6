import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { billOfMaterials } from '../../plugin/packaging/billOfMaterials.ts';

/** Where Node's own archives have npm; set by npm itself when it runs the tests. */
const npmBeside = (node: string) =>
  process.platform === 'win32'
    ? join(dirname(node), 'node_modules/npm/bin/npm-cli.js')
    : join(dirname(node), '../lib/node_modules/npm/bin/npm-cli.js');

describe('the package', () => {
  it('lists its libraries with version and licence, and nothing of the machine', () => {
    const npm = process.env['npm_execpath'] ?? npmBeside(process.execPath);
    const bill = new TextDecoder().decode(billOfMaterials(npm));
    expect(bill).not.toContain(process.cwd());
    const { components } = JSON.parse(bill) as {
      components: ReadonlyArray<{ name: string; version: string; licenses?: object[] }>;
    };
    const react = components.find(({ name }) => name === 'react');
    expect(react).toMatchObject({ version: expect.stringMatching(/^19\./) });
    expect(components.filter(({ licenses }) => licenses === undefined)).toEqual([]);
    expect(components.map(({ name }) => name)).not.toContain('vitest');
    expect(Buffer.compare(billOfMaterials(npm), new TextEncoder().encode(bill))).toBe(0);
  });
});
