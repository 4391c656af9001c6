import { homedir } from 'node:os';
import { join } from 'node:path';
import { userFolders } from '@emoeditor/companion-server/userFolders.ts';
import { describe, expect, it } from 'vitest';

const home = (...names: string[]) => join(homedir(), ...names);

describe('the user’s folders', () => {
  it('follow the XDG Base Directory specification on Linux', () => {
    expect(userFolders({}, 'linux')).toEqual({
      settings: home('.config', 'emoeditor'),
      cache: home('.cache', 'emoeditor'),
      data: home('.local', 'share', 'emoeditor'),
    });
    expect(
      userFolders({ XDG_CONFIG_HOME: '/c', XDG_CACHE_HOME: '/k', XDG_DATA_HOME: '/d' }, 'linux'),
    ).toEqual({
      settings: join('/c', 'emoeditor'),
      cache: join('/k', 'emoeditor'),
      data: join('/d', 'emoeditor'),
    });
  });

  it('are in Library on macOS', () => {
    const support = home('Library', 'Application Support', 'EmoEditor');
    expect(userFolders({}, 'darwin')).toEqual({
      settings: support,
      cache: home('Library', 'Caches', 'EmoEditor'),
      data: support,
    });
  });

  it('keep gigabytes out of the roaming profile on Windows', () => {
    expect(userFolders({ APPDATA: 'R', LOCALAPPDATA: 'L' }, 'win32')).toEqual({
      settings: join('R', 'EmoEditor'),
      cache: join('L', 'EmoEditor', 'Cache'),
      data: join('L', 'EmoEditor'),
    });
  });
});
