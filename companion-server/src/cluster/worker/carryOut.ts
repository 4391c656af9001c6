import { editRequestSchema, ProtocolError } from '@emoeditor/shared';
import * as z from 'zod';
import type { Engine } from '../../engine/engine.ts';
import type { EditEvents } from '../../pipeline/edit.ts';
import type { ClusterLink } from '../link.ts';
import type { EventKind, EventOf, JobMessage, StoredObject } from '../messages.ts';
import { subjects } from '../names.ts';
import { getObject, objectId, putObject } from '../objects.ts';
import { pack, unpack } from '../packed.ts';
import { type SealOf, sealsOfPool } from '../sealing.ts';
import type { EditInput, StoredIteration } from '../storedEdit.ts';

/** How an edit went on this worker. */
export interface CarriedOut {
  readonly iterations: readonly StoredObject[];
  readonly summary: StoredObject;
}

export const pictureSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  rgb: z.instanceof(Uint8Array),
  region: z.instanceof(Uint8Array).optional(),
});
const inputSchema = z.object({ request: editRequestSchema, proxy: pictureSchema });

/** Tells the artist's gateway something that may be lost. */
export function tell<Kind extends EventKind>(
  { nc }: ClusterLink,
  { artist, key }: Pick<JobMessage, 'artist' | 'key'>,
  kind: Kind,
  value: EventOf<Kind>,
): void {
  if (!nc.isClosed()) nc.publish(subjects.event(artist, key, kind), JSON.stringify(value));
}

/**
 * Runs an edit and stores each iteration as soon as it is there.
 * @param stored called with all iterations so far
 * @throws ProtocolError; the signal's reason
 */
export async function carryOut(
  link: ClusterLink,
  engine: Engine,
  job: JobMessage,
  { sealOf, signal, stored }: CarryOutOptions,
): Promise<CarriedOut> {
  const { artist, key } = job;
  const { request, proxy } = await inputOf(link, job, sealOf);
  const put = async (what: string, value: unknown) =>
    putObject(link, artist, objectId(key, what), await pack(value), sealOf);
  const iterations: StoredObject[] = [];
  let line: Promise<void> = Promise.resolve();
  const events: EditEvents = {
    progress: (progress) => tell(link, job, 'progress', progress),
    iteration(report, delivered, { decodedEdit, delivery, ...sources }) {
      const own = { decodedEdit, delivery };
      const isFirst = report.index === 0;
      const value: StoredIteration = { report, delivered, own, sources: isFirst ? sources : null };
      line = line.then(async () => {
        iterations.push(await put(`i${report.index}`, value));
        stored(iterations);
        tell(link, job, 'iterations', iterations);
      });
      // Awaited below; without this a failure would count as unhandled until then.
      line.catch(() => {});
    },
  };
  const summary = await engine.edit(request, proxy, events, signal).finally(() => line);
  return { iterations, summary: await put('summary', summary) };
}

export interface CarryOutOptions {
  readonly sealOf: SealOf;
  readonly signal: AbortSignal;
  stored(iterations: readonly StoredObject[]): void;
}

async function inputOf(link: ClusterLink, job: JobMessage, sealOf: SealOf): Promise<EditInput> {
  const input = await unpack(await getObject(link, job.artist, job.input, sealOf));
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) throw notUnderstood();
  const { region, ...proxy } = parsed.data.proxy;
  const { request } = parsed.data;
  return { request, proxy: { ...proxy, ...(region === undefined ? {} : { region }) } };
}

/**
 * The seals of an edit.
 * @param pool secret key of the workers; null where nothing is sealed
 * @throws ProtocolError when only one side seals
 */
export function sealsFor(pool: string | null, { share, key }: JobMessage): SealOf {
  if ((pool === null) !== (share === null)) throw oneSided(pool !== null);
  return pool === null || share === null ? null : sealsOfPool(pool, share, key);
}

const notUnderstood = () =>
  new ProtocolError({
    code: 'BAD_MESSAGE',
    message: 'The worker does not understand the edit that the gateway sent.',
    hint: 'Install the same release of EmoEditor on both machines.',
    retryable: false,
  });

const oneSided = (isWorker: boolean) =>
  new ProtocolError({
    code: 'UNAUTHORISED',
    message: `Expected gateway and worker both to seal pictures but only the ${isWorker ? 'worker' : 'gateway'} does.`,
    hint: 'Start both with the credentials that “emoeditor cluster init” wrote.',
    retryable: false,
  });
