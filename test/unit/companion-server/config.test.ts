import { readConfig } from '@emoeditor/companion-server/config.ts';
import { describe, expect, it } from 'vitest';

describe('config', () => {
  it('takes the caller’s word before the environment’s, and that before the default', () => {
    const environment = { EMOEDITOR_PORT: '9000', EMOEDITOR_THREADS: '3' };
    const config = readConfig({ port: 9001 }, environment);
    expect(config).toMatchObject({ port: 9001, threads: 3, bundle: null, logLevel: 'info' });
  });

  it('keeps the pairings among the user’s own settings', () => {
    const { pairingsFile } = readConfig({}, { XDG_CONFIG_HOME: '/x', APPDATA: '/x' });
    expect(pairingsFile).toMatch(/emoeditor[\\/]pairings\.json$/i);
  });

  it('gives the engine the limits under which it returns memory', () => {
    expect(readConfig({}, { PATH: '/bin' }).engineEnvironment).toEqual({
      PATH: '/bin',
      MALLOC_TRIM_THRESHOLD_: '65536',
      MALLOC_MMAP_THRESHOLD_: '65536',
    });
  });

  it.each([
    [{ EMOEDITOR_PORT: 'http' }, 'port', '"http"'],
    [{ EMOEDITOR_PORT: '70000' }, 'port', '70000'],
    [{ EMOEDITOR_THREADS: '0' }, 'threads', '0'],
    [{ EMOEDITOR_LOG_LEVEL: 'loud' }, 'logLevel', '"loud"'],
  ])('refuses %o, naming the setting and the variable', (environment, name, value) => {
    expect(() => readConfig({}, environment)).toThrow(
      expect.objectContaining({
        code: 'BAD_SETTING',
        message: expect.stringContaining(`“${name}” cannot be ${value}`),
        hint: expect.stringContaining(Object.keys(environment)[0]!),
      }),
    );
  });
});
