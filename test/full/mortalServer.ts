import { type ChildProcess, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bytesToHex } from '@emoeditor/shared';
import { PAIRING } from '../fakes/introduceTo.ts';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';
import type { ChildSettings } from './serverChild.ts';

/** Set by vitest.config.ts. */
declare const BUNDLE_FOLDER: string;

export interface Memory {
  /** Bytes in use after a collection. */
  readonly used: number;
  /** Bytes that the process has of the machine. */
  readonly resident: number;
}

/** A server in a process of its own, always on the same port and in the same folders. */
export type MortalServer = Awaited<ReturnType<typeof mortalServer>>;

const children: ChildProcess[] = [];

/** For `afterEach`. */
export function endServers(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

/**
 * Starts it with the scripted models, `slow` ones unless the settings name others; the client of `PAIRING` is known.
 * @param folder joins parts of a path onto a folder of the test's own
 */
export async function mortalServer(
  folder: (...parts: string[]) => string,
  more: ChildSettings = { bundle: 'slow', modelsModule: SCRIPTED_MODELS },
) {
  const port = await freePort();
  const settings: ChildSettings = {
    port,
    pairingsFile: folder('pairings.json'),
    cacheFolder: folder('cache'),
    journalFolder: folder('journal'),
    studioFolder: folder('studio'),
    ...more,
  };
  const { id, key } = PAIRING;
  const known = { id, key: bytesToHex(key), client: 'test', made: Date.now(), used: Date.now() };
  await writeFile(folder('pairings.json'), JSON.stringify([known]));
  /** What it died of, where nobody killed it. */
  const faults: string[] = [];
  let running = await startChild(settings, faults);
  /** Every engine that was seen, dead or alive. */
  const engines = new Set<number>();
  const enginePid = async () => {
    const { enginePid: pid } = await ask<{ enginePid?: number }>(running.child, 'enginePid');
    if (pid !== undefined) engines.add(pid);
    return pid;
  };
  return {
    port,
    faults,
    pairingCode: running.pairingCode,
    journal: join(folder('journal'), String(port)),
    enginePid,
    memory: async () => (await ask<{ memory: Memory }>(running.child, 'memory')).memory,
    /** Engines that run beside the one that the server has. */
    async orphans() {
      const own = await enginePid();
      return [...engines].filter((pid) => pid !== own && isRunning(pid));
    },
    /** Resolves when the server has noticed: otherwise the next edit would meet two deaths, which may fail it (ER4). */
    async killEngine() {
      const pid = await enginePid();
      if (pid === undefined) return;
      process.kill(pid, 'SIGKILL');
      while ((await enginePid()) === pid) await sleep(20);
    },
    async killServer(signal: NodeJS.Signals = 'SIGKILL') {
      // Its engine has to go with it.
      await enginePid();
      const { child } = running;
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await gone;
    },
    async start() {
      running = await startChild(settings, faults);
    },
  };
}

async function startChild(settings: ChildSettings, faults: string[]) {
  const module = fileURLToPath(`${BUNDLE_FOLDER}serverChild.js`);
  const child = fork(module, [JSON.stringify(settings)], { execArgv: [] });
  children.push(child);
  child.once('exit', (code, signal) => faults.push(`It ended with ${code ?? signal}.`));
  child.on('message', ({ fault }: { readonly fault?: string }) => {
    if (fault !== undefined) faults.push(fault);
  });
  return { child, ...(await answerOf<{ pairingCode: string }>(child)) };
}

function ask<T>(child: ChildProcess, question: string): Promise<T> {
  const answer = answerOf<T>(child);
  child.send(question);
  return answer;
}

/** Its next message. */
function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`The server ended with ${code}.`));
    child.once('message', (message) => {
      child.removeListener('exit', ended);
      resolve(message as T);
    });
    child.once('exit', ended);
  });
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
