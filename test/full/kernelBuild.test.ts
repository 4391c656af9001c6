import { existsSync, readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import { describe, expect, it } from 'vitest';

const server = new URL('../../companion-server/', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', server), 'utf8'));

describe.each(['tileKernel', 'fitKernel', 'tensorKernel'])('%s.wasm', (name) => {
  it('is built from its source as it stands', async () => {
    // What `npm run build:kernel` says, with the file names replaced.
    const [, , , place, ...options] = scripts[`build:${name}`].split(' ');
    let built: Uint8Array | null = null;
    const { error, stderr } = await asc.main([`${name}.ts`, '-o', 'k.wasm', ...options], {
      readFile(file) {
        const source = new URL(`wasm/${file}`, server);
        return existsSync(source) ? readFileSync(source, 'utf8') : null;
      },
      writeFile: (file, contents) => {
        if (file === 'k.wasm') built = contents as unknown as Uint8Array;
      },
      listFiles: () => [],
    });
    expect(error, stderr.toString()).toBeNull();
    const shipped = readFileSync(new URL(place, server));
    expect(Buffer.compare(Buffer.from(built ?? []), shipped)).toBe(0);
  });
});
