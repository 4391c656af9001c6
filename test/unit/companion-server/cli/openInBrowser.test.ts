import { openingCommand } from '@emoeditor/companion-server/cli/openInBrowser.ts';
import { hasDesktop } from '@emoeditor/companion-server/config.ts';
import { describe, expect, it } from 'vitest';

describe('opening the studio', () => {
  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['linux', { DISPLAY: ':0', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
    ['darwin', {}, true],
    ['darwin', { CI: 'true' }, false],
    ['win32', {}, true],
  ] as const)('on %s with %j: %s', (platform, environment, expected) => {
    expect(hasDesktop(environment, platform)).toBe(expected);
  });

  it('gives the address as one argument, whatever is in it', () => {
    const url = 'http://127.0.0.1:8765/#pair=7K3M&x';
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const [program, ...args] = openingCommand(url, platform);
      expect(program).not.toBe('cmd');
      expect(args.at(-1)).toBe(url);
    }
  });
});
