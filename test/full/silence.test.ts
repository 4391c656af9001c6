import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { afterEach, expect, it, vi } from 'vitest';
import { cleanUp, pairedWith } from '../integration/companion.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

afterEach(cleanUp);

const BIN = join(import.meta.dirname, '../../companion-server/bin/emoeditor.mjs');
const GOLDEN = join(import.meta.dirname, '../golden/models');
/** Calls that reach for the network or change a file system. */
const CALLS =
  'connect,sendto,sendmsg,sendmmsg,bind,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,truncate,mknod,mknodat';
/** Folder of the loader of our TypeScript, in the folder for temporary files; it looks for a socket there. */
const LOADER = `tmp/tsx-${process.getuid?.() ?? ''}`;
/** ONNX Runtime's telemetry resolves its server's name in the first seconds, and again every few. */
const LISTEN_MS = 6000;

const at = temporaryFolder();

const hasStrace = (() => {
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const why = hasStrace ? '' : ' (skipped: it needs strace, which is not here or may not trace)';

/** The companion server as a user starts it, in a home of its own, with every call of its processes noted. */
async function tracedServer() {
  const home = at('home');
  const { PATH } = process.env;
  const environment = { PATH, HOME: home, TMPDIR: at('tmp'), EMOEDITOR_LOG_LEVEL: 'info' };
  const command = [process.execPath, BIN, 'serve', '--port', '0', '--bundle', at('bundle')];
  const child = spawn(
    'strace',
    ['-f', '--seccomp-bpf', '-s', '200', '-e', `trace=${CALLS}`, '-o', at('trace'), ...command],
    { env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = await heard(child, /Pairing code/);
  const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(said) ?? [];
  // The running server reads its pairings anew, as after “emoeditor pair” beside it.
  const pairings = createPairings(at('home/.config/emoeditor/pairings.json'));
  return { child, server: { port: Number(port), pairings } };
}

/** strace passes on no signal of its own accord: the server is its only child. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  const tracee = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' });
  process.kill(Number(tracee), 'SIGTERM');
  await ended;
}

async function heard(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  child.stdout?.on('data', (data) => {
    text += data;
  });
  await vi.waitFor(() => expect(text).toMatch(pattern), { timeout: 60_000 });
  return text;
}

it.skipIf(!hasStrace)(
  `SE8: start, edit and stop reach no other machine and write nowhere but in our folders${why}`,
  { timeout: 240_000 },
  async () => {
    await importBundle(GOLDEN, at('bundle'));
    await Promise.all([mkdir(at('home')), mkdir(at('tmp'))]);
    const { child, server } = await tracedServer();
    try {
      const client = await pairedWith(server);
      await client.submit();
      await client.hear('jobSucceeded');
      await sleep(LISTEN_MS);
      client.channel.close();
    } finally {
      await stop(child);
    }
    const trace = (await readFile(at('trace'), 'utf8')).split('\n');
    expect(trace.length).toBeGreaterThan(50);
    expect(trace.filter(reachesOut)).toEqual([]);
    expect(trace.filter(writesElsewhere)).toEqual([]);
  },
);

/** Loopback aside; a resolver may well listen there and ask others, so its port is none of ours. */
function reachesOut(call: string): boolean {
  if (!call.includes('sa_family=')) return false;
  if (call.includes('AF_UNIX')) return !call.includes(`"${at(LOADER)}/`);
  const isLoopback = /inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/.test(call);
  return !isLoopback || /htons\((53|853|5353|5355)\)/.test(call);
}

const CHANGES = /O_WRONLY|O_RDWR|O_CREAT|\b(creat|mkdir|rename|link|symlink|unlink|truncate|mknod)/;

function writesElsewhere(call: string): boolean {
  // The name of the call and its flags decide, not what a path is called.
  if (!CHANGES.test(call.replaceAll(/"[^"]*"/g, '""'))) return false;
  return [...call.matchAll(/"([^"]*)"/g)].some(
    ([, path = '']) => path !== '/dev/null' && !ours().some((folder) => within(folder, path)),
  );
}

/** The folder may be made together with those that lead to it. */
const within = (folder: string, path: string) =>
  `${path}/`.startsWith(`${folder}/`) || folder.startsWith(`${path}/`);

/** Settings, cache, and what the loader of our TypeScript keeps in the folder for temporary files. */
const ours = () => [at('home/.config/emoeditor'), at('home/.cache/emoeditor'), at(LOADER)];
