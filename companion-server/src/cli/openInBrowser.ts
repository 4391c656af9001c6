import { spawn } from 'node:child_process';

/** The command that opens an address in the browser that the user has chosen. */
export function openingCommand(
  url: string,
  platform: NodeJS.Platform = process.platform,
): readonly [program: string, ...args: string[]] {
  switch (platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      // Not `start`, a word of the shell, which would take signs of the address for its own.
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    default:
      return ['xdg-open', url];
  }
}

/** Opens an address in the user's browser. Does nothing where that fails: the address is printed as well. */
export function openInBrowser(url: string): void {
  const [program, ...args] = openingCommand(url);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
