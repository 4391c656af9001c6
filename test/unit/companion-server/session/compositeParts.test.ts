import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { lumaPlane } from '@emoeditor/companion-server/compositor/planes.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { layerCompositorOf } from '@emoeditor/companion-server/engine/layerFit.ts';
import { prepareScene } from '@emoeditor/companion-server/scene/elements/prepareScene.ts';
import { sceneView } from '@emoeditor/companion-server/scene/elements/sceneView.ts';
import { SCENE_MAPS, type SceneMaps } from '@emoeditor/companion-server/scene/maps/sceneMaps.ts';
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
  return { client, jobId, composited: compositing(client, jobId) };
}

type Client = ReturnType<ReturnType<typeof startCompanion>['connect']>;

/** One tile of a job's only iteration, composited. */
const compositing = (client: Client, jobId: string) => async (settings: Settings) => {
  const compositeId = await client.openComposite(jobId, { extent: DOCUMENT, ...settings });
  const count = client.of('tileDone').length;
  await client.channel.sendWithBytes(
    (stream) => ({ type: 'tile', compositeId, bounds: BOUNDS, pixels: TILE.format, stream }),
    TILE.data as Uint8Array,
  );
  const done = await client.hear('tileDone', count + 1);
  return { format: done.pixels, data: client.pixels.get(done)! };
};

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

describe('the elements of an edit', () => {
  /** The night, with fog over a scene that is all ground. */
  async function withFog() {
    const { engine, connect } = startCompanion();
    const { width, height } = fit.extent;
    const source = workingEdit(landscape, night).source;
    const plane = (value: number) => new Float32Array(width * height).fill(value);
    const far = plane(0).map((_, i) => 1 - Math.floor(i / width) / height);
    const planes = Object.fromEntries(SCENE_MAPS.map((name) => [name, plane(0)]));
    const maps = {
      ...{ extent: fit.extent, horizon: null, faces: [], guide: lumaPlane(source) },
      planes: { ...planes, ground: plane(1), depth: far } as SceneMaps['planes'],
      confidence: planes as unknown as SceneMaps['confidence'],
    };
    const elements = [{ element: 'fog', parameters: FOG, seed: 3, strength: 1 }] as const;
    const view = sceneView(source, source, fit.extent, maps);
    const scene = prepareScene(view, { instruction: null, elements });
    const compositor = layerCompositorOf({ ...fit, scene });
    engine.composite = async (_fit, tile, place, settings) =>
      compositor.apply(tile, place, settings);
    const client = connect();
    await client.hello();
    const jobId = await client.submit();
    await settled();
    engine.edits[0]!.iteration(0);
    await client.hear('jobIteration');
    return { client, composited: compositing(client, jobId) };
  }
  const FOG = { density: 0.1, mist: 0.3, height: 0.1, patchiness: 0.5, warmth: 0 };

  it('CM9: have a strength of their own, and a layer each that gives the whole', async () => {
    const { composited } = await withFog();
    const whole = await composited({});
    const light = await composited({ elements: 0 });
    expect(light.data).not.toEqual(whole.data);
    const { composited: withoutFog } = await withMoon();
    expect(light.data).toEqual((await withoutFog({})).data);
    const layer = await composited({ part: { element: 0 } });
    expect(layer.format).toEqual({ ...TILE.format, channels: 4 });
    const worst = light.data.reduce((most, value, i) => {
      const pixel = Math.floor(i / 3);
      const alpha = layer.data[pixel * 4 + 3]! / 255;
      const made = value + alpha * (layer.data[pixel * 4 + (i % 3)]! - value);
      return Math.max(most, Math.abs(Math.round(made) - whole.data[i]!));
    }, 0);
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('CM9: that the plan has not are refused', async () => {
    const { client, composited } = await withFog();
    composited({ part: { element: 1 } }).catch(() => {});
    expect(await client.hear('error')).toMatchObject({ error: { code: 'BAD_IMAGE' } });
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
