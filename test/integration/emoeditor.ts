import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommandLine } from '@emoeditor/companion-server/cli/runCommandLine.ts';
import { vi } from 'vitest';

const BIN = join(import.meta.dirname, '../../companion-server/bin/emoeditor.mjs');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * The command line inside this process: a new one costs seconds each.
 * @param typed what somebody types at its questions; there is no terminal when it is left out
 */
export async function emoeditor(args: readonly string[], typed?: string): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  stdin.end(typed);
  const spies = [
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as never),
    vi.spyOn(console, 'log').mockImplementation((text) => void out.push(String(text))),
    vi.spyOn(console, 'error').mockImplementation((text) => void err.push(String(text))),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0),
  ];
  try {
    const code = await runCommandLine(['node', 'emoeditor', ...args]);
    return { code, out: out.join('\n'), err: err.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The command as a user starts it; `interruptAt` presses Ctrl+C when that was printed. */
export function emoeditorProcess(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err, isInterrupted] = ['', '', false];
  child.stdout.on('data', (data: Buffer) => {
    out += data;
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data;
    if (interruptAt?.test(err) && !isInterrupted) {
      isInterrupted = true;
      child.kill('SIGINT');
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
