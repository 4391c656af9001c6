import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';

const BIN = join(import.meta.dirname, '../../companion-server/bin/emoeditor.mjs');
const PATIENCE = { timeout: 45_000 };

const at = temporaryFolder('each');
let child: ChildProcess | undefined;
afterEach(async () => {
  if (child === undefined || child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
});

/** `emoeditor serve`, in folders of its own; `printed` is all that comes to the terminal. */
function serve(...args: readonly string[]) {
  const environment = {
    ...process.env,
    EMOEDITOR_CACHE: at('cache'),
    EMOEDITOR_PAIRINGS: at('pairings.json'),
    EMOEDITOR_LOG_LEVEL: 'info',
  };
  const command = [BIN, 'serve', '--port', '0', ...args];
  const started = spawn(process.execPath, command, { env: environment, stdio: 'pipe' });
  child = started;
  const heard = { printed: '' };
  const hear = (data: Buffer) => {
    heard.printed += data;
  };
  started.stdout.on('data', hear);
  started.stderr.on('data', hear);
  return heard;
}

describe('emoeditor serve', () => {
  it('prints the address and the pairing code last and alone; the log goes to a file', async () => {
    const heard = serve();
    const log = () => readFile(at('cache', 'server.log'), 'utf8');
    await expect.poll(log, PATIENCE).toContain('listening');
    await vi.waitFor(() => expect(heard.printed).toContain('Pairing code'), PATIENCE);
    child?.kill('SIGTERM');
    await once(child as ChildProcess, 'close');
    expect(heard.printed.replaceAll(at('cache'), 'CACHE')).toMatch(
      /^\n {2}Log {12}CACHE.server\.log\n {2}Stop {11}Ctrl\+C\n\n {2}Studio {9}http:\/\/127\.0\.0\.1:\d+\/#pair=\w+ .*\n {2}Pairing code {3}\w{5}-\w{5} .*\n\n$/,
    );
  });

  it('--log prints it instead', async () => {
    const heard = serve('--log');
    await vi.waitFor(() => expect(heard.printed).toMatch(/"msg":"listening/), PATIENCE);
    await expect(readFile(at('cache', 'server.log'))).rejects.toThrow('ENOENT');
  });
});
