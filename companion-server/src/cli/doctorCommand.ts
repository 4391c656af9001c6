import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import { Command } from 'commander';
import { EMBEDDED_BUNDLES, listBundles } from '../models/bundleStore.ts';
import { verifyBundle } from '../models/readBundle.ts';
import { proveProviders } from '../runtime/chooseProvider.ts';
import { runtimePreference } from './runtimePreference.ts';

const OLDEST_NODE = 20;
const DEFAULT_PORT = 8765;
/** Room for a big document's temporary files. */
const LOW_DISK_BYTES = 2e9;

/** One line of the report. A failed one makes the command fail; a warning does not. */
interface Finding {
  readonly state: 'ok' | 'warning' | 'failed';
  readonly text: string;
}

/** Ends the command with exit code 1; the report has already listed the problems. */
class NotReadyError extends Error {
  readonly hint = 'The lines marked ✗ say what is missing.';

  constructor(count: number) {
    super(`${count} ${count === 1 ? 'thing is' : 'things are'} missing before an edit can run.`);
  }
}

/** `emoeditor doctor`: is everything here that an edit needs? */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check Node, execution providers, bundles, port and disk')
    .action(async () => {
      const findings: Finding[] = [];
      for (const check of [node, providers, bundles, port, disk]) {
        for (const finding of await check()) {
          findings.push(finding);
          console.log(`${MARKS[finding.state]} ${finding.text}`);
        }
      }
      const failed = findings.filter(({ state }) => state === 'failed').length;
      if (failed > 0) throw new NotReadyError(failed);
    });
}

const MARKS = { ok: '✓', warning: '!', failed: '✗' } as const;

async function node(): Promise<Finding[]> {
  const major = Number(process.versions.node.split('.')[0]);
  const machine = `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const text = `Node ${process.versions.node} on ${machine}`;
  if (major >= OLDEST_NODE) return [{ state: 'ok', text }];
  return [{ state: 'failed', text: `${text}: expected Node ${OLDEST_NODE} or newer` }];
}

async function providers(): Promise<Finding[]> {
  const preference = runtimePreference();
  const wanted = preference.provider;
  const proofs = await proveProviders(preference);
  const inUse = wanted ?? proofs.find(({ profile }) => profile !== null)?.name;
  const findings = proofs.map(({ name, profile, fault }): Finding => {
    if (profile === null) {
      const state = name === wanted ? 'failed' : 'warning';
      return { state, text: `provider ${name}: not used, ${fault}` };
    }
    const numbers = `${profile.numbers}${fault === null ? '' : ` (not ${fault})`}`;
    const use = name === inUse ? '; in use' : '';
    return {
      state: 'ok',
      text: `provider ${name}: computed the test network correctly in ${numbers}${use}`,
    };
  });
  if (inUse !== undefined) return findings;
  return [...findings, { state: 'failed', text: 'no execution provider works' }];
}

async function bundles(): Promise<Finding[]> {
  const entries = await listBundles();
  if (entries.length === 0) {
    return [{ state: 'failed', text: `no model bundle in ${EMBEDDED_BUNDLES}` }];
  }
  const signal = new AbortController().signal;
  return Promise.all(
    entries.map(async ({ name, folder, state }): Promise<Finding> => {
      try {
        if ('error' in state) throw state.error;
        await verifyBundle(folder, state.bundle, signal);
        return { state: 'ok', text: `bundle ${name} ${state.bundle.version}: checksums match` };
      } catch (error) {
        return { state: 'failed', text: `bundle ${name}: ${(error as Error).message}` };
      }
    }),
  );
}

async function port(): Promise<Finding[]> {
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(DEFAULT_PORT, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return [
    isFree
      ? { state: 'ok', text: `port ${DEFAULT_PORT} is free` }
      : {
          state: 'warning',
          text: `port ${DEFAULT_PORT} is in use, maybe by a running server; the next ones are tried`,
        },
  ];
}

async function disk(): Promise<Finding[]> {
  const { bavail, bsize } = await statfs('.');
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free on disk`;
  return [{ state: free < LOW_DISK_BYTES ? 'warning' : 'ok', text }];
}
