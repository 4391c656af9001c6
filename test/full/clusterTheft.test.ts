import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { openGateway } from '@emoeditor/companion-server/cluster/gateway/openGateway.ts';
import { type ClusterLink, openLink } from '@emoeditor/companion-server/cluster/link.ts';
import { pixelStream, subjects } from '@emoeditor/companion-server/cluster/names.ts';
import { writeCertificates } from '@emoeditor/companion-server/cluster/setup/certificates.ts';
import { openWorker } from '@emoeditor/companion-server/cluster/worker/openWorker.ts';
import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { editRequestSchema } from '@emoeditor/shared';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createManualEngine } from '../fakes/manualEngine.ts';
import { HAS_NATS, WITHOUT_NATS } from '../fakes/natsServer.ts';
import { type SecuredCluster, startSecuredCluster } from '../fakes/securedCluster.ts';
import { cleanUp, newFolder } from '../integration/companion.ts';

const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'fear' } });
const proxy = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(77) };
const KEY = 'b'.repeat(32);
const PATIENCE_MS = 700;

let cluster: SecuredCluster;
let studio: ClusterLink;
let thief: ClusterLink;
let benInbox: string;
const ends: (() => Promise<unknown>)[] = [];

/** Ben's edit, which has ended, with his pictures in the store. */
async function bensEdit(engine: ReturnType<typeof createManualEngine>, gateway: Engine) {
  const order = { id: KEY, queued() {}, started() {} };
  const events = { progress() {}, iteration() {} };
  const ended = gateway.edit(request, proxy, events, new AbortController().signal, order);
  await vi.waitFor(() => expect(engine.edits).toHaveLength(1), 20_000);
  engine.edits[0]!.iteration(0);
  engine.edits[0]!.succeed(0);
  return ended;
}

beforeAll(async () => {
  if (!HAS_NATS) return;
  cluster = await startSecuredCluster(await newFolder(), ['ana', 'ben']);
  const { url } = cluster;
  const common = { url, version: '0.1.0', log: SILENT };
  const engine = createManualEngine();
  const worker = await openWorker({
    ...{ ...common, id: 'w1', credentials: cluster.worker, engine: () => engine },
  });
  const ben = await cluster.artist('ben');
  benInbox = ben.inbox;
  const open = { ...common, artist: '', bundle: null };
  const gateway = await openGateway({ ...open, credentials: ben });
  expect(await bensEdit(engine, gateway)).toMatchObject({ chosen: 0 });
  studio = await openLink({ name: 'studio', ...common, ...cluster.worker });
  thief = await openLink({ name: 'thief', ...common, ...(await cluster.artist('ana')) });
  ends.push(
    () => cluster.close(),
    ...[() => worker.stop(), () => gateway.close(), () => studio.close(), () => thief.close()],
  );
});
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await cleanUp();
});

/** What the thief is answered; null when nothing came. */
async function asked(subject: string, body: object | string = ''): Promise<string | null> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const inbox = `${thief.inbox}.asked${Math.random().toString(36).slice(2)}`;
  const answer = new Promise<string | null>((resolve) => {
    thief.nc.subscribe(inbox, {
      max: 1,
      timeout: PATIENCE_MS,
      callback: (error, message) => {
        const isAnswer = error === null && (message.headers?.code ?? 0) < 400;
        resolve(isAnswer ? message.string() : null);
      },
    });
  });
  thief.nc.publish(subject, text, { reply: inbox });
  const said = await answer;
  return said?.includes('"error"') ? null : said;
}

/** What the thief hears while others speak. */
async function heard(subject: string, speak: () => void): Promise<string[]> {
  const got: string[] = [];
  const subscription = thief.nc.subscribe(subject, {
    callback: (error, message) => void (error === null && got.push(message.subject)),
  });
  await thief.nc.flush();
  speak();
  await Promise.all([cluster.admin.nc.flush(), studio.nc.flush()]);
  await pause(PATIENCE_MS / 2);
  if (!subscription.isClosed()) subscription.unsubscribe();
  return got;
}

/**
 * Whether anything reaches a subject of the studio.
 * @param isTheirs tells what the thief said from what the studio's own workers say there meanwhile
 */
async function reaches(
  subject: string,
  speak: () => void,
  isTheirs: (text: string) => boolean = () => true,
): Promise<boolean> {
  let isThere = false;
  const callback = (_: unknown, message: { string(): string }) => {
    isThere ||= isTheirs(message.string());
  };
  const subscription = cluster.admin.nc.subscribe(subject, { callback });
  await cluster.admin.nc.flush();
  speak();
  await thief.nc.flush();
  await pause(PATIENCE_MS / 2);
  subscription.unsubscribe();
  return isThere;
}

async function bensObjects(): Promise<string[]> {
  const filter = { subjects_filter: 'pix.ben.>' };
  const info = await cluster.admin.jsm.streams.info(pixelStream('ben'), filter);
  return Object.keys(info.state.subjects ?? {});
}

describe.skipIf(!HAS_NATS)(`a stolen credential of an artist${WITHOUT_NATS}`, () => {
  it('opens its own store, so that what follows is refused and not broken', async () => {
    expect(await asked(`$JS.API.DIRECT.GET.FLEET.${subjects.bundle('manual')}`)).toContain(
      'manual',
    );
    await thief.js.publish(subjects.part('ana', 'own', 0), 'mine');
    const own = `$JS.API.DIRECT.GET.PIX_ana.${subjects.part('ana', 'own', 0)}`;
    expect(await asked(own)).toBe('mine');
  });

  it('pictures in the store are sealed', async () => {
    const plain = Buffer.from(proxy.rgb.subarray(0, 32));
    const objects = await bensObjects();
    expect(objects.length).toBeGreaterThan(2);
    for (const subject of objects) {
      const { direct } = cluster.admin.jsm;
      const stored = await direct.getMessage(pixelStream('ben'), { last_by_subj: subject });
      expect(Buffer.from(stored!.data).includes(plain)).toBe(false);
      expect(stored!.data.length).toBeGreaterThan(16);
    }
  });

  it('reads no picture, record or job of another artist', async () => {
    const [picture = ''] = await bensObjects();
    const record = subjects.record('ben', KEY);
    const attempts: readonly (readonly [string, (object | string)?])[] = [
      [`$JS.API.DIRECT.GET.PIX_ben.${picture}`],
      [`$JS.API.DIRECT.GET.PIX_ana.${picture}`],
      ['$JS.API.DIRECT.GET.PIX_ben', { seq: 1 }],
      ['$JS.API.DIRECT.GET.PIX_ben', { last_by_subj: picture }],
      [`$JS.API.DIRECT.GET.RES.${record}`],
      ['$JS.API.DIRECT.GET.RES', { last_by_subj: record }],
      [`$JS.API.DIRECT.GET.RES.res.*.${KEY}`],
      ['$JS.API.DIRECT.GET.JOBS', { seq: 1 }],
      [`$JS.API.DIRECT.GET.TRY.try.ben.${KEY}`],
      ['$JS.API.DIRECT.GET.FLEET.fleet.worker.w1'],
      ['$JS.API.STREAM.MSG.GET.PIX_ben', { seq: 1 }],
      ['$JS.API.STREAM.MSG.GET.RES', { last_by_subj: record }],
      ['$JS.API.STREAM.NAMES'],
      ['$JS.API.STREAM.LIST'],
      ['$JS.API.INFO'],
      ['$JS.API.STREAM.INFO.PIX_ben', { subjects_filter: '>' }],
      ['$JS.API.STREAM.INFO.JOBS', { subjects_filter: 'jobs.*.ben.>' }],
      ['$JS.API.STREAM.SNAPSHOT.PIX_ben', { deliver_subject: `${thief.inbox}.s` }],
      [
        '$JS.API.STREAM.CREATE.loot',
        { name: 'loot', mirror: { name: 'PIX_ben' }, retention: 'limits', storage: 'memory' },
      ],
      [
        '$JS.API.CONSUMER.CREATE.PIX_ben',
        {
          stream_name: 'PIX_ben',
          config: { ack_policy: 'none', deliver_subject: `${thief.inbox}.d` },
        },
      ],
      ['$JS.API.CONSUMER.MSG.NEXT.JOBS.manual-ben', { batch: 1, no_wait: true }],
    ];
    const answers = await Promise.all(attempts.map(([subject, body]) => asked(subject, body)));
    expect(answers.map((answer, i) => (answer === null ? null : attempts[i]))).toEqual(
      attempts.map(() => null),
    );
  });

  it('hears nothing of others', async () => {
    const say = (subject: string) => () => cluster.admin.nc.publish(subject, 'x');
    const fromWorker = () => studio.nc.publish(subjects.event('ben', KEY, 'progress'), 'x');
    const attempts: readonly (readonly [string, () => void])[] = [
      [subjects.eventsOf('ben'), fromWorker],
      ['ev.>', fromWorker],
      ['>', fromWorker],
      ['pix.ben.>', say('pix.ben.zz.0')],
      ['jobs.>', say('jobs.none.ben.zz')],
      ['call.>', say('call.none.ben.zz')],
      [`${benInbox}.>`, say(`${benInbox}.1`)],
      [`${cluster.worker.inbox}.>`, say(`${cluster.worker.inbox}.1`)],
      ['_INBOX.>', say('_INBOX.1')],
      ['$JS.>', say('$JS.EVENT.ADVISORY.x')],
      ['fleet.>', say('fleet.worker.zz')],
    ];
    for (const [subject, speak] of attempts) {
      const got = await heard(subject, speak);
      expect([subject, got.filter((one) => !one.startsWith(thief.inbox ?? '-'))]).toEqual([
        subject,
        [],
      ]);
    }
  });

  it('says nothing in another’s name', async () => {
    const [picture = ''] = await bensObjects();
    const attempts = [
      subjects.job({ bundle: 'manual', artist: 'ben', key: 'c'.repeat(32) }),
      subjects.call({ bundle: 'manual', artist: 'ben', key: 'c'.repeat(32) }),
      subjects.record('ben', 'c'.repeat(32)),
      subjects.cancel('ben', KEY),
      subjects.starts('ben', KEY),
      subjects.event('ben', KEY, 'progress'),
      'usage.ben',
      'fleet.worker.zz',
      subjects.bundle('manual'),
      picture,
      '$JS.ACK.JOBS.manual-ben.1.1.1.1.0',
      '$JS.API.STREAM.PURGE.PIX_ben',
      '$JS.API.STREAM.DELETE.RES',
      '$JS.API.CONSUMER.DELETE.JOBS.manual-ben',
    ];
    for (const subject of attempts) {
      const say = () => thief.nc.publish(subject, '+ACK');
      const isThere = await reaches(subject, say, (text) => text === '+ACK');
      expect([subject, isThere]).toEqual([subject, false]);
    }
  });

  it('does not make the server speak in another’s name by a reply subject', async () => {
    const lie = subjects.part('ana', 'lie', 0);
    await thief.js.publish(lie, JSON.stringify({ forged: true }));
    const replies = [
      subjects.event('ben', KEY, 'progress'),
      subjects.job({ bundle: 'manual', artist: 'ben', key: 'd'.repeat(32) }),
      subjects.record('ben', 'd'.repeat(32)),
    ];
    for (const reply of replies) {
      const ask = () => thief.nc.publish(`$JS.API.DIRECT.GET.PIX_ana.${lie}`, '', { reply });
      expect([reply, await reaches(reply, ask)]).toEqual([reply, false]);
    }
  });

  it('nobody enters without a key, with an unknown one, or past another authority', async () => {
    const { url } = cluster;
    const ana = await cluster.artist('ana');
    const as = (more: object) =>
      openLink({ url, name: 'x', ...ana, ...more }).then(
        (link) => link.close().then(() => 'connected'),
        (error: Error) => error.message,
      );
    expect(await as({ seed: undefined })).toContain('refused the credentials');
    const seed = new TextDecoder().decode(createUser().getSeed());
    expect(await as({ seed })).toContain('refused the credentials');
    const other = await newFolder();
    await writeCertificates(other, ['127.0.0.1']);
    const ca = await readFile(`${other}/ca.pem`, 'utf8');
    expect(await as({ ca })).toContain('is not the one expected');
    const plain = connect({ servers: url.replace('tls://', ''), timeout: 2000, reconnect: false });
    await expect(plain).rejects.toThrow();
  });
});
