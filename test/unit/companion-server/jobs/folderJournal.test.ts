import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderJournal } from '@emoeditor/companion-server/jobs/folderJournal.ts';
import type { JournalledIteration } from '@emoeditor/companion-server/jobs/jobJournal.ts';
import { editRequestSchema, type IterationReport } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';
import { photograph } from '../pipeline/editing.ts';

const folder = temporaryFolder();
const ID = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';
const order = {
  id: ID,
  requestId: 'r1',
  request: editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'fear' }, seed: 7 }),
  proxy: photograph(4, 3),
};
const cancelled = { type: 'cancelled' } as const;

function iteration(index: number): JournalledIteration {
  const picture = (from: number) => Float32Array.from({ length: 36 }, (_, i) => (from + i) / 99);
  return {
    report: { index, pTarget: index / 10 } as IterationReport,
    preview: { jpeg: Uint8Array.of(255, 216, index), extent: { width: 4, height: 3 } },
    edit: {
      extent: { width: 4, height: 3 },
      source: picture(0),
      decodedSource: picture(1),
      region: null,
      decodedEdit: index === 1 ? { latents: picture(2) } : picture(3),
      delivery: { strength: 0.5, content: false },
    },
  };
}

let last = 0;
function newRoot(): string {
  last += 1;
  return folder(`root-${last}`, 'deep');
}

describe('a journal in a folder', () => {
  it('gives back to the bit what an earlier server wrote', async () => {
    const root = newRoot();
    const before = createFolderJournal(() => root);
    before.submitted(order);
    await before.iterated(ID, iteration(0));
    await before.iterated(ID, iteration(1));
    expect(await createFolderJournal(() => root).recover()).toEqual([
      { ...order, iterations: [iteration(0), iteration(1)], end: null },
    ]);
    await before.ended(ID, cancelled);
    const [job] = await createFolderJournal(() => root).recover();
    expect(job?.end).toEqual(cancelled);
  });

  // Windows has other permissions.
  it.skipIf(process.platform === 'win32')('is for the user alone', async () => {
    const root = newRoot();
    const journal = createFolderJournal(() => root);
    journal.submitted(order);
    await journal.close();
    expect((await stat(join(root, ID))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, ID, 'order'))).mode & 0o777).toBe(0o600);
  });

  it('recovers jobs in the order in which they came, and none that are a day old', async () => {
    const root = newRoot();
    let now = 1e12;
    const journal = createFolderJournal(
      () => root,
      undefined,
      () => now,
    );
    journal.submitted(order);
    now += 60_000;
    journal.submitted({ ...order, id: OTHER });
    await journal.close();
    const ids = async (at: number) =>
      (
        await createFolderJournal(
          () => root,
          undefined,
          () => at,
        ).recover()
      ).map(({ id }) => id);
    expect(await ids(now)).toEqual([ID, OTHER]);
    expect(await ids(1e12 + 24 * 3_600_000 + 30_000)).toEqual([OTHER]);
    expect(await readdir(root)).toEqual([OTHER]);
  });

  it('wipes what is forgotten, and writes nothing more of it', async () => {
    const root = newRoot();
    const journal = createFolderJournal(() => root);
    journal.submitted(order);
    await journal.iterated(ID, iteration(0));
    journal.forget(ID);
    await journal.iterated(ID, iteration(1));
    expect(await readdir(root)).toEqual([]);
  });

  it('believes nothing that was damaged', async () => {
    const root = newRoot();
    const journal = createFolderJournal(() => root);
    journal.submitted(order);
    for (const index of [0, 1, 2]) await journal.iterated(ID, iteration(index));
    await journal.ended(ID, cancelled);
    const flip = async (name: string) => {
      const bytes = await readFile(join(root, ID, name));
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(join(root, ID, name), bytes);
    };
    await flip('iteration-1');
    await flip('end');
    const [job] = await createFolderJournal(() => root).recover();
    expect(job?.iterations).toEqual([iteration(0)]);
    expect(job?.end).toBeNull();
    await flip('order');
    expect(await createFolderJournal(() => root).recover()).toEqual([]);
    expect(await readdir(root)).toEqual([]);
  });

  it('runs a job again whose end came without all of its iterations', async () => {
    const root = newRoot();
    const journal = createFolderJournal(() => root);
    journal.submitted(order);
    await journal.iterated(ID, iteration(0));
    await journal.ended(ID, {
      type: 'succeeded',
      iterations: [iteration(0).report, iteration(1).report],
      chosen: 1,
      sourceDistribution: [],
      unetEvaluations: 2,
      timings: {},
    });
    const [job] = await createFolderJournal(() => root).recover();
    expect(job?.end).toBeNull();
  });

  it('leaves alone what is not its own', async () => {
    const root = newRoot();
    await mkdir(join(root, 'holiday'), { recursive: true });
    expect(await createFolderJournal(() => root).recover()).toEqual([]);
    expect(await readdir(root)).toEqual(['holiday']);
  });

  it('is reported once where it cannot be written, and the jobs go on', async () => {
    const root = join(newRoot(), 'file');
    await mkdir(join(root, '..'), { recursive: true });
    await writeFile(root, 'not a folder');
    const warned: object[] = [];
    const log = { warn: (facts: object) => void warned.push(facts) } as never;
    const journal = createFolderJournal(() => root, log);
    journal.submitted(order);
    await journal.iterated(ID, iteration(0));
    await journal.ended(ID, cancelled);
    expect(warned).toHaveLength(1);
  });

  it('keeps what was written when the server stops, and takes nothing afterwards', async () => {
    const root = newRoot();
    const journal = createFolderJournal(() => root);
    journal.submitted(order);
    const written = journal.close();
    journal.forget(ID);
    await journal.ended(ID, cancelled);
    await written;
    expect(await createFolderJournal(() => root).recover()).toEqual([
      { ...order, iterations: [], end: null },
    ]);
  });
});
