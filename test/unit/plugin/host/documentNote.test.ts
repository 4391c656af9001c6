import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { newLayerOf } from '@emoeditor/plugin/session/commitIteration.ts';
import { wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import { annotatedXmp } from '@emoeditor/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { photoshopWorld } from '../doubles/photoshopWorld.ts';
import { plain } from '../doubles/scriptedHost.ts';

const { signal } = new CancelController();
const nothing: Paint = async () => {};
let world: ReturnType<typeof photoshopWorld>;

beforeEach(() => {
  world = photoshopWorld();
});

/** The commit of an edit of the active layer. */
function commit(aiNote: 'on' | 'off', intensity: number) {
  const layer = world.layerNow();
  const about = { target: 'awe', seed: 7, model: 'Starter', before: '', grain: 0 } as const;
  const proxy = plain(4, 2);
  const subject = { layer, region: wholeLayer(layer), ...about, proxy };
  const result = { jobId: 'j', iteration: 0, kind: 'layer', replaces: null } as const;
  const scene = { elements: 100, scene: null } as const;
  return newLayerOf({ subject, intensity, aiNote, ...result, ...scene });
}
const apply = (aiNote: 'on' | 'off', intensity = 80) =>
  world.host.addLayer(commit(aiNote, intensity), nothing, signal);

describe('[BP8] the note on an edit', () => {
  it('is in the document’s metadata, in the same history step, and goes with it', async () => {
    await apply('on');
    const { xmp = '' } = world.document.content;
    expect(xmp).toMatch(/compositeWithTrainedAlgorithmicMedia/);
    expect(xmp).toContain('emoeditor:Model="Starter" emoeditor:Emotion="Awe"');
    expect(xmp).toContain('emoeditor:Seed="7" emoeditor:Intensity="80"');
    expect(world.history()).toEqual(['Open', 'Awe · 80 %']);
    world.user.undo();
    expect(world.document.content.xmp).toBeUndefined();
  });

  it('joins what the document says already', async () => {
    const before = annotatedXmp(null, { model: 'm', emotion: 'Fear', seed: 1, intensity: 3 });
    const described = before.replace('<rdf:RDF', '<rdf:RDF xmlns:dc="urn:dc"');
    world.document.change({ ...world.document.content, xmp: described });
    await apply('on');
    const { xmp = '' } = world.document.content;
    expect(xmp).toContain('xmlns:dc="urn:dc"');
    expect(xmp.match(/DigitalSourceType/g)).toHaveLength(1);
    expect(xmp).toContain('emoeditor:Emotion="Awe"');
  });

  it('is left out when it is switched off, and where nothing was edited', async () => {
    await apply('off');
    world.user.selectLayer(world.source.id);
    await apply('on', 0);
    expect(world.document.content.xmp).toBeUndefined();
  });

  it('is no reason to lose an edit where Photoshop does not take it', async () => {
    const { batchPlay } = world.module.action;
    world.module.action.batchPlay = (async (commands: { _obj: string }[], options: object) =>
      commands[0]?._obj === 'set'
        ? [{ _obj: 'error', message: 'not available' }]
        : batchPlay(commands as never, options as never)) as never;
    await apply('on');
    expect(world.names()).toEqual(['Awe · 80 %', 'Meadow']);
  });
});
