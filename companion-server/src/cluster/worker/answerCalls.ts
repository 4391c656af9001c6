import * as z from 'zod';
import type { Engine } from '../../engine/engine.ts';
import { protocolErrorOf } from '../../errors.ts';
import type { Editor } from '../../pipeline/edit.ts';
import { type CallMessage, callSchema, readMessage } from '../messages.ts';
import { subjects } from '../names.ts';
import { getObject, objectId, putObject } from '../objects.ts';
import { pack, unpack } from '../packed.ts';
import { pictureSchema, sealsFor, tell } from './carryOut.ts';
import type { LeaseParts } from './runLease.ts';

/** A worker's engine decodes what was previewed by a tiny decoder as well. */
export type WorkerEngine = Engine & Pick<Editor, 'decode'>;

export interface CallParts extends Omit<LeaseParts, 'engine'> {
  readonly engine: WorkerEngine;
}

const decodeSchema = z.object({
  undecoded: z.object({ latents: z.instanceof(Float32Array) }),
  extent: z.object({ width: z.int().positive(), height: z.int().positive() }),
});
const predictSchema = z.object({ picture: pictureSchema });

/**
 * Answers readings and decodings of a bundle, beside the edits: one worker gets each. They change nothing, so a gateway
 * that gets no answer asks again.
 * @returns a way to stop
 */
export function answerCalls(parts: CallParts, bundle: string): () => void {
  const subscription = parts.link.nc.subscribe(subjects.callsOf(bundle), {
    queue: 'workers',
    callback(error, message) {
      const call = error === null ? readMessage(callSchema, message.string()) : null;
      if (call !== null) void answer(parts, call);
    },
  });
  return () => subscription.unsubscribe();
}

async function answer({ link, engine, pool }: CallParts, call: CallMessage): Promise<void> {
  const { artist, key } = call;
  try {
    const sealOf = sealsFor(pool, call);
    const input = await unpack(await getObject(link, artist, call.input, sealOf));
    const value = await pack({ value: await answerTo(engine, call.name, input) });
    const stored = await putObject(link, artist, objectId(key, 'answer'), value, sealOf);
    tell(link, call, 'answered', { answer: stored, error: null });
  } catch (error) {
    tell(link, call, 'answered', { answer: null, error: protocolErrorOf(error).toWire() });
  }
}

function answerTo(engine: WorkerEngine, name: CallMessage['name'], input: unknown) {
  switch (name) {
    case 'predict': {
      const { width, height, rgb } = predictSchema.parse(input).picture;
      return engine.predict({ width, height, rgb }, new AbortController().signal);
    }
    case 'decode': {
      const { undecoded, extent } = decodeSchema.parse(input);
      return engine.decode(undecoded, extent);
    }
  }
}
