import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DocumentModel,
  FakePhotoshop,
  flatten,
  layeredPhotograph,
  loadPsd,
  Raster,
  savePsd,
} from '../../fakes/photoshop/index.ts';

const FACTS = {
  name: 'holiday.psd',
  width: 40,
  height: 30,
  depth: 8,
  profile: 'sRGB IEC61966-2.1',
  mode: 'RGBColorMode',
} as const;
const WHOLE = { left: 0, top: 0, right: 40, bottom: 30 };

/** The parts of the modules that the rules below are about. */
interface Modules {
  app: { activeDocument: FakeDocument | null };
  core: {
    executeAsModal<T>(
      work: (context: Context) => Promise<T>,
      options: { commandName: string },
    ): Promise<T>;
  };
  imaging: Record<string, (...args: never[]) => Promise<never>>;
  action: {
    addNotificationListener(events: string[], listener: (event: string) => void): Promise<void>;
  };
  constants: { ElementPlacement: { PLACEBEFORE: string } };
}
interface FakeDocument {
  id: number;
  layers: FakeLayer[];
  activeLayers: FakeLayer[];
  createPixelLayer(options: { name: string }): Promise<FakeLayer>;
}
interface FakeLayer {
  id: number;
  name: string;
  move(layer: FakeLayer, placement: string): void;
  delete(): void;
}
interface Context {
  isCancelled: boolean;
  onCancel?: () => void;
  reportProgress(progress: { value: number }): void;
  hostControl: {
    suspendHistory(options: { documentID: number; name: string }): Promise<number>;
    resumeHistory(id: number, commit: boolean): Promise<void>;
  };
}

let fake: FakePhotoshop;
let model: DocumentModel;
let photoshop: Modules;
// biome-ignore lint/suspicious/noExplicitAny: the imaging calls are tested by what they give
let imaging: any;

beforeEach(() => {
  fake = new FakePhotoshop({ encodeJpeg: async () => Uint8Array.of(255, 216) });
  const rgba = Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => (i % 4 === 3 ? 255 : i % 251));
  model = fake.open(FACTS, layeredPhotograph(rgba, 40, 30));
  photoshop = fake.require('photoshop') as unknown as Modules;
  imaging = photoshop.imaging;
});

const modally = <T>(work: (context: Context) => Promise<T>, commandName = 'Test') =>
  photoshop.core.executeAsModal(work, { commandName });
const active = () => photoshop.app.activeDocument as FakeDocument;
const photo = () => active().layers[0] as FakeLayer;
const stateNames = () => model.states.map(({ name }) => name);

describe('the modal scope', () => {
  it('refuses edits outside it', async () => {
    await expect(active().createPixelLayer({ name: 'x' })).rejects.toThrow(/modal scope/);
    expect(() => {
      photo().name = 'x';
    }).toThrow(/modal scope/);
    await expect(imaging.getPixels({ layerID: photo().id })).rejects.toThrow(/modal scope/);
  });

  it('refuses a second one with number 9, and while Photoshop itself is busy', async () => {
    await modally(async () => {
      await expect(modally(async () => {})).rejects.toMatchObject({ number: 9 });
    });
    fake.modal.isBusy = true;
    await expect(modally(async () => {})).rejects.toMatchObject({ number: 9 });
  });

  it('rolls everything back when it throws, and frees Photoshop', async () => {
    const before = model.content;
    const work = modally(async () => {
      await active().createPixelLayer({ name: 'half done' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(model.content).toBe(before);
    expect(stateNames()).toEqual(['Open']);
    await modally(async () => {});
  });

  it('makes one step of what a suspended history holds, or nothing', async () => {
    await modally(async ({ hostControl }) => {
      const id = await hostControl.suspendHistory({ documentID: model.id, name: 'Awe · 100 %' });
      const layer = await active().createPixelLayer({ name: 'a' });
      layer.name = 'b';
      await hostControl.resumeHistory(id, true);
    });
    expect(stateNames()).toEqual(['Open', 'Awe · 100 %']);
    await modally(async ({ hostControl }) => {
      const id = await hostControl.suspendHistory({ documentID: model.id, name: 'never' });
      await active().createPixelLayer({ name: 'c' });
      await hostControl.resumeHistory(id, false);
    });
    expect(stateNames()).toEqual(['Open', 'Awe · 100 %']);
    expect(active().layers.map(({ name }) => name)).toEqual(['b', 'Photo', 'Background']);
  });

  it('shows progress and tells of a cancel', async () => {
    const seen: (number | null)[] = [];
    fake.modal.onProgress((progress) => seen.push(progress?.value ?? null));
    await modally(async (context) => {
      let isTold = false;
      context.onCancel = () => {
        isTold = true;
      };
      context.reportProgress({ value: 0.5 });
      fake.modal.cancel();
      expect(isTold).toBe(true);
      expect(context.isCancelled).toBe(true);
    });
    expect(seen).toEqual([null, 0.5, null]);
  });

  it('silences notifications', async () => {
    const heard: string[] = [];
    await photoshop.action.addNotificationListener(['select', 'make'], (event) =>
      heard.push(event),
    );
    await modally(async () => {
      await active().createPixelLayer({ name: 'x' });
      fake.user(model).selectLayer(photo().id);
    });
    expect(heard).toEqual([]);
    fake.user(model).selectLayer(photo().id);
    expect(heard).toEqual(['select']);
  });
});

describe('layers', () => {
  it('go directly above another one', async () => {
    await modally(async () => {
      const [top, background] = active().layers as [FakeLayer, FakeLayer];
      const made = await active().createPixelLayer({ name: 'new' });
      made.move(background, photoshop.constants.ElementPlacement.PLACEBEFORE);
      expect(active().layers.map(({ id }) => id)).toEqual([top.id, made.id, background.id]);
    });
  });

  it('are gone after an undo and back after a redo', async () => {
    await modally(() => active().createPixelLayer({ name: 'new' }), 'New layer');
    const user = fake.user(model);
    user.undo();
    expect(active().layers).toHaveLength(2);
    user.redo();
    expect(active().layers).toHaveLength(3);
  });
});

describe('imaging', () => {
  it('trims to what is not empty and gives a Background no alpha', async () => {
    await modally(async () => {
      const far = { left: -10, top: 5, right: 100, bottom: 20 };
      const { imageData, sourceBounds } = await imaging.getPixels({
        layerID: photo().id,
        sourceBounds: far,
      });
      expect(sourceBounds).toEqual({ left: 0, top: 5, right: 40, bottom: 20 });
      expect(imageData).toMatchObject({ width: 40, height: 15, components: 4 });
      await imageData.dispose();
      const background = active().layers[1] as FakeLayer;
      const opaque = await imaging.getPixels({ layerID: background.id });
      expect(opaque.imageData.components).toBe(3);
      await opaque.imageData.dispose();
    });
  });

  it('scales down to a target size and counts bounds in pixels of the pyramid level', async () => {
    await modally(async () => {
      const { imageData, sourceBounds, level } = await imaging.getPixels({
        layerID: photo().id,
        sourceBounds: WHOLE,
        targetSize: { width: 10, height: 8 },
      });
      expect([imageData.width, imageData.height, level]).toEqual([10, 8, 1]);
      expect(sourceBounds).toEqual({ left: 0, top: 0, right: 20, bottom: 15 });
      await imageData.dispose();
    });
  });

  it('writes tiles beside each other unless it is told to replace', async () => {
    await modally(async () => {
      const layer = await active().createPixelLayer({ name: 'tiles' });
      const tile = await imaging.createImageDataFromBuffer(new Uint8Array(16).fill(200), {
        width: 2,
        height: 2,
        components: 4,
        colorSpace: 'RGB',
      });
      const at = (left: number, replace: boolean) =>
        imaging.putPixels({
          layerID: layer.id,
          imageData: tile,
          replace,
          targetBounds: { left, top: 0 },
        });
      await at(0, false);
      await at(4, false);
      expect(model.layer(layer.id)?.pixels.bounds).toEqual({
        left: 0,
        top: 0,
        right: 6,
        bottom: 2,
      });
      await at(8, true);
      expect(model.layer(layer.id)?.pixels.bounds).toEqual({
        left: 8,
        top: 0,
        right: 10,
        bottom: 2,
      });
      await tile.dispose();
    });
  });

  it('counts what was not disposed of, and refuses it afterwards', async () => {
    const before = fake.imagesAlive;
    await modally(async () => {
      const { imageData } = await imaging.getPixels({ layerID: photo().id });
      expect(fake.imagesAlive).toBe(before + 1);
      await imageData.dispose();
      expect(fake.imagesAlive).toBe(before);
      await expect(imageData.getData({})).rejects.toThrow(/disposed/);
    });
  });

  it('gives a soft selection as one component', async () => {
    fake.user(model).selectArea({ left: 10, top: 10, right: 20, bottom: 20 }, { feather: 2 });
    await modally(async () => {
      const { imageData, sourceBounds } = await imaging.getSelection({ sourceBounds: WHOLE });
      expect(sourceBounds.left).toBeLessThan(10);
      const values = await imageData.getData({});
      expect(new Set(values).size).toBeGreaterThan(2);
      await imageData.dispose();
    });
  });
});

describe('Raster', () => {
  it('reads what was written, across its chunks and off the canvas, and leaves the old one alone', () => {
    const data = Uint8Array.from({ length: 600 * 3 }, (_, i) => (i % 255) + 1);
    const place = { left: -300, top: 254, right: 300, bottom: 257 };
    const empty = new Raster(8, 1);
    const written = empty.write(place, data);
    expect(written.read(place)).toEqual(data);
    expect(written.bounds).toEqual(place);
    expect(empty.bounds.right).toBe(0);
  });
});

describe('PSD', () => {
  it('comes back with its layers, names, opacity, visibility and pixels', async () => {
    await modally(() => active().createPixelLayer({ name: 'Awe · 100 %' }));
    fake.user(model).setOpacity(photo().id, 40);
    const loaded = loadPsd(savePsd(model.facts, model.content), 'again.psd');
    expect(loaded.content.layers.map(({ name, opacity }) => [name, opacity])).toEqual([
      ['Awe · 100 %', 40],
      ['Photo', 100],
      ['Background', 100],
    ]);
    const shown = (content: typeof model.content) => flatten(content, 8, WHOLE).rgba;
    expect(shown(loaded.content)).toEqual(shown(model.content));
  });
});
