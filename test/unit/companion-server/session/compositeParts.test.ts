import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { byteLength, type ClientMessageInput, MAX_GRAIN } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  documentOf,
  landscape,
  tileOf,
  tinted,
  withDisc,
  workingEdit,
} from '../compositor/scenes.ts';
import { settled, startCompanion } from './connecting.ts';

/** A night with a moon in it: the night is grade, the moon is content. */
const night = tinted(landscape, [0.5, 0.6, 0.8], [0, 0, 0.03]);
const fit = fitEdit(workingEdit(landscape, withDisc(night, [0.3, 0.2], 0.08, [1, 0.95, 0.7])));
/** Over the rim of the moon. */
const BOUNDS = { left: 190, top: 40, width: 64, height: 64 };
const TILE = tileOf(documentOf(landscape), BOUNDS.left, BOUNDS.top, BOUNDS.width, BOUNDS.height);

type Settings = Partial<Extract<ClientMessageInput, { type: 'openComposite' }>>;

/** A server that composites in earnest, and a job with one finished iteration. */
async function withMoon() {
  const { engine, connect } = startCompanion();
  const compositor = compositorOf(fit);
  engine.composite = async (_fit, tile, place, settings) => compositor.apply(tile, place, settings);
  const client = connect();
  await client.hello();
  const jobId = await client.submit();
  await settled();
  engine.edits[0]!.iteration(0);
  await client.hear('jobIteration');
  const composited = async (settings: Settings) => {
    const compositeId = await client.openComposite(jobId, { extent: DOCUMENT, ...settings });
    const count = client.of('tileDone').length;
    await client.channel.sendWithBytes(
      (stream) => ({ type: 'tile', compositeId, bounds: BOUNDS, pixels: TILE.format, stream }),
      TILE.data as Uint8Array,
    );
    const done = await client.hear('tileDone', count + 1);
    return { format: done.pixels, data: client.pixels.get(done)! };
  };
  return { client, jobId, composited };
}

const count = (data: Uint8Array, isCounted: (value: number, index: number) => boolean) =>
  data.filter(isCounted).length;

describe('a part of an edit', () => {
  it('CM7: is the grade in the tile’s format, or the content as RGBA; both are the whole', async () => {
    const { composited } = await withMoon();
    const whole = await composited({});
    const grade = await composited({ part: 'grade' });
    const content = await composited({ part: 'content' });
    expect(whole.format).toEqual(TILE.format);
    expect(grade.format).toEqual(TILE.format);
    expect(content.format).toEqual({ ...TILE.format, channels: 4 });
    expect(content.data).toHaveLength(byteLength(content.format));

    const alpha = content.data.filter((_, index) => index % 4 === 3);
    const opaque = count(alpha, (value) => value === 255);
    expect(opaque).toBeGreaterThan(100);
    expect(count(alpha, (value) => value === 0)).toBe(alpha.length - opaque);
    expect(opaque).toBeLessThan(alpha.length);
    const stacked = grade.data.map((value, index) => {
      const pixel = Math.floor(index / 3);
      return alpha[pixel] === 0 ? value : content.data[pixel * 4 + (index % 3)]!;
    });
    expect(stacked).toEqual(whole.data);
  });
});

describe('the grain of an edit', () => {
  it('CM8: is given to what is new and to nothing else; none is the default', async () => {
    const { composited } = await withMoon();
    const smooth = await composited({ part: 'content' });
    expect((await composited({ part: 'content', grain: 0 })).data).toEqual(smooth.data);
    const grainy = await composited({ part: 'content', grain: 0.1 });
    const changed = count(grainy.data, (value, index) => value !== smooth.data[index]);
    expect(changed).toBeGreaterThan(100);
    const grade = await composited({ part: 'grade' });
    expect((await composited({ part: 'grade', grain: 0.1 })).data).toEqual(grade.data);
  });

  it.each([-0.01, MAX_GRAIN + 0.01])('CM8: of %d is refused', async (grain) => {
    const { client, jobId } = await withMoon();
    client.near.send(
      JSON.stringify({
        ...{ type: 'openComposite', requestId: 'q', jobId, iteration: 0, intensity: 1 },
        ...{ extent: DOCUMENT, grain },
      }),
    );
    expect(await client.hear('error')).toMatchObject({
      requestId: 'q',
      error: { code: 'BAD_MESSAGE', message: expect.stringContaining('"grain"') },
    });
  });
});
