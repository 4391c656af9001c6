import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's own folders. */
export interface UserFolders {
  /** Few and small files that say how the user wants things. */
  readonly settings: string;
  /** What can be made again. */
  readonly cache: string;
  /** What the user fetched or made: gigabytes of models, so not in a folder that follows the user to other machines. */
  readonly data: string;
}

/**
 * The user's own folders by the custom of the platform: XDG Base Directory on Linux, Library on macOS, AppData on
 * Windows.
 */
export function userFolders(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): UserFolders {
  const home = (...names: readonly string[]) => join(homedir(), ...names);
  switch (platform) {
    case 'win32': {
      const local = environment['LOCALAPPDATA'] || home('AppData', 'Local');
      return {
        settings: join(environment['APPDATA'] || home('AppData', 'Roaming'), 'EmoEditor'),
        cache: join(local, 'EmoEditor', 'Cache'),
        data: join(local, 'EmoEditor'),
      };
    }
    case 'darwin': {
      const support = home('Library', 'Application Support', 'EmoEditor');
      return { settings: support, cache: home('Library', 'Caches', 'EmoEditor'), data: support };
    }
    default: {
      const { XDG_CONFIG_HOME = '', XDG_CACHE_HOME = '', XDG_DATA_HOME = '' } = environment;
      return {
        settings: join(XDG_CONFIG_HOME || home('.config'), 'emoeditor'),
        cache: join(XDG_CACHE_HOME || home('.cache'), 'emoeditor'),
        data: join(XDG_DATA_HOME || home('.local', 'share'), 'emoeditor'),
      };
    }
  }
}
