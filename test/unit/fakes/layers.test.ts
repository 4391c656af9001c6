import { flatten, loadPsd, newLayer, Raster, savePsd } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { FACTS, type FakeLayer, fakeWorld, WHOLE } from './fakeWorld.ts';

describe('layers', () => {
  it('[LA1] are made above the active one, and are active then', async () => {
    const { model, active, modally } = fakeWorld();
    await modally(async () => {
      model.change({ ...model.content, activeIds: [active().layers[1]!.id] });
      const made = await active().createPixelLayer({ name: 'new' });
      expect(active().layers.map(({ name }) => name)).toEqual(['Photo', 'new', 'Background']);
      expect(active().activeLayers.map(({ id }) => id)).toEqual([made.id]);
    });
  });

  it('[LA2] go directly above another one, into its group', async () => {
    const { model, active, modally, photoshop } = fakeWorld();
    const { PLACEBEFORE } = photoshop.constants.ElementPlacement;
    await modally(async () => {
      const [top, background] = active().layers as [FakeLayer, FakeLayer];
      const made = await active().createPixelLayer({ name: 'new' });
      made.move(background, PLACEBEFORE);
      expect(active().layers.map(({ id }) => id)).toEqual([top.id, made.id, background.id]);
      const group = newLayer(8, { kind: 'group', children: [newLayer(8, { name: 'inner' })] });
      model.change({ ...model.content, layers: [group, ...model.content.layers] });
      made.move(active().layers[0]!.layers![0]!, PLACEBEFORE);
      expect(active().layers[0]!.layers!.map(({ name }) => name)).toEqual(['new', 'inner']);
    });
  });

  it('[LA3] [LA4] become a group where the topmost of them was, clipped as they were', async () => {
    const { active, modally } = fakeWorld();
    await modally(async () => {
      const [photo, background] = active().layers as [FakeLayer, FakeLayer];
      const content = await active().createPixelLayer({ name: 'Content' });
      content.isClippingMask = true;
      await active().createLayerGroup({ name: 'Both', fromLayers: [content, photo] });
      const [group, last] = active().layers;
      expect([group?.name, last?.id]).toEqual(['Both', background.id]);
      expect(group?.layers?.map(({ name, isClippingMask }) => [name, isClippingMask])).toEqual([
        ['Content', true],
        ['Photo', false],
      ]);
    });
  });

  it('[LA5] refuse to be moved or deleted while they are locked', async () => {
    const { model, active, photo, photoshop, modally } = fakeWorld();
    const { PLACEBEFORE } = photoshop.constants.ElementPlacement;
    await modally(async () => {
      const [, background] = active().layers as [FakeLayer, FakeLayer];
      expect(background.locked).toBe(true);
      expect(() => background.delete()).toThrow(/locked/);
      expect(() => background.move(photo(), PLACEBEFORE)).toThrow(/locked/);
      model.changeLayer(photo().id, (layer) => ({ ...layer, allLocked: true }));
      expect(() => photo().delete()).toThrow(/locked/);
    });
  });

  it('[LA6] [LA8] lie in documents without a profile and of any resolution', () => {
    const { active, photo } = fakeWorld({ profile: '', resolution: 300 });
    expect(active().colorProfileName).toBe('None');
    expect(active().resolution).toBe(300);
    expect(photo().boundsNoEffects).toEqual(WHOLE);
  });

  it('[LA7] can be made in a document that is not the active one', async () => {
    const { fake, model, photoshop, modally } = fakeWorld();
    fake.open({ ...FACTS, name: 'other.psd' }, model.content);
    const first = photoshop.app.documents.find(({ id }) => id === model.id)!;
    await modally(() => first.createPixelLayer({ name: 'x' }));
    expect(model.content.layers).toHaveLength(3);
    expect(fake.active?.content.layers).toHaveLength(2);
  });

  it('are gone after an undo and back after a redo', async () => {
    const { fake, model, active, modally } = fakeWorld();
    await modally(() => active().createPixelLayer({ name: 'new' }));
    fake.user(model).undo();
    expect(active().layers).toHaveLength(2);
    fake.user(model).redo();
    expect(active().layers).toHaveLength(3);
  });
});

describe('batchPlay', () => {
  const get = (property: string, layer: number, document: number) => ({
    _obj: 'get',
    _target: [
      { _property: property },
      { _ref: 'layer', _id: layer },
      { _ref: 'document', _id: document },
    ],
  });

  it('[BP5] says whether a layer is still there', () => {
    const { photoshop, model, photo, fake } = fakeWorld();
    const layer = { _ref: 'layer', _id: photo().id };
    const document = { _ref: 'document', _id: model.id };
    const { validateReference } = photoshop.action;
    expect(validateReference([layer, document])).toBe(true);
    expect(validateReference([{ ...layer, _id: 9999 }, document])).toBe(false);
    fake.close(model);
    expect(validateReference([layer, document])).toBe(false);
  });

  it('[BP4] tells of a layer’s masks', async () => {
    const { photoshop, model, photo } = fakeWorld();
    const ask = (property: string) =>
      photoshop.action.batchPlay([get(property, photo().id, model.id)]);
    expect(await ask('hasUserMask')).toEqual([{ hasUserMask: false }]);
    const mask = new Raster(8, 1);
    model.changeLayer(photo().id, (layer) => ({ ...layer, mask, isMaskEnabled: false }));
    expect(await ask('hasUserMask')).toEqual([{ hasUserMask: true }]);
    expect(await ask('userMaskEnabled')).toEqual([{ userMaskEnabled: false }]);
    expect(await ask('hasVectorMask')).toEqual([{ hasVectorMask: false }]);
  });

  it('[BP1] [BP2] resolves with error descriptors, and ends at the first unless told to go on', async () => {
    const { photoshop, model, photo } = fakeWorld();
    const commands = [
      get('userMaskEnabled', photo().id, model.id),
      get('hasUserMask', 99_999, model.id),
      get('hasUserMask', photo().id, model.id),
    ];
    const error = { _obj: 'error', result: -25922 };
    expect(await photoshop.action.batchPlay(commands)).toMatchObject([error]);
    const all = await photoshop.action.batchPlay(commands, { continueOnError: true });
    expect(all).toMatchObject([error, error, { hasUserMask: false }]);
  });

  it('[BP3] wants a list', async () => {
    const { photoshop } = fakeWorld();
    await expect(photoshop.action.batchPlay(true)).rejects.toThrow(/array/);
  });
});

describe('recording', () => {
  it('[AC4] [AC5] [AC6] [AC11] wants a name, flat data and small numbers, and keeps nothing while nothing records', async () => {
    const { fake, photoshop } = fakeWorld();
    const step = { name: 'Evoke Awe', methodName: 'f' };
    const { recordAction } = photoshop.action;
    await expect(recordAction(step)).rejects.toThrow(/Argument 2/);
    await expect(recordAction({ name: 'x', methodName: 7 }, {})).rejects.toThrow(/napi/);
    await expect(recordAction(step, { a: { b: 1 } })).rejects.toThrow(/plain/);
    await expect(recordAction(step, { seed: 2 ** 31 })).rejects.toThrow(/too large/);
    await recordAction(step, { emotion: 'awe' });
    fake.actions.startRecording();
    await recordAction(step, { emotion: 'fear' });
    expect(fake.actions.stopRecording()).toEqual([
      { kind: 'method', ...step, info: { emotion: 'fear' } },
    ]);
  });

  it('[AC1] [AC2] [AC3] [AC7] plays a global function of that name, and keeps what it returns', async () => {
    const { fake } = fakeWorld();
    const step = { kind: 'method', name: 'S', methodName: 'f', info: { a: 1 } } as const;
    await expect(fake.actions.play([step])).rejects.toThrow(/no function “f” in its global scope/);
    const heard: unknown[] = [];
    fake.actions.globals = {
      f: async (context: object, info: { a: number }) => {
        heard.push('hostControl' in context, info);
        if (info.a > 1) throw new Error('not twice');
        return { a: info.a + 1 };
      },
    };
    const again = await fake.actions.recordAgain(step);
    expect(again).toEqual({ ...step, info: { a: 2 } });
    await expect(fake.actions.play([again, step])).rejects.toThrow('not twice');
    expect(heard).toEqual([true, { a: 1 }, true, { a: 2 }]);
    fake.actions.globals = { f: async () => undefined };
    expect(await fake.actions.recordAgain(step)).toEqual(step);
  });
});

describe('PSD', () => {
  it('comes back with its layers, names, opacity, visibility, masks and pixels', async () => {
    const { fake, model, active, modally } = fakeWorld();
    await modally(() => active().createPixelLayer({ name: 'Awe · 100 %' }));
    fake.user(model).setOpacity(active().layers[1]!.id, 40);
    const hole = { left: 3, top: 3, right: 9, bottom: 9 };
    const mask = new Raster(8, 1, { blank: 255 }).write(hole, new Uint8Array(36).fill(1));
    model.changeLayer(active().layers[1]!.id, (layer) => ({ ...layer, mask }));
    const loaded = loadPsd(savePsd(model.facts, model.content), 'again.psd');
    expect(loaded.content.layers.map(({ name, opacity }) => [name, opacity])).toEqual([
      ['Awe · 100 %', 100],
      ['Photo', 40],
      ['Background', 100],
    ]);
    const shown = (content: typeof model.content) => flatten(content, 8, WHOLE).rgba;
    expect(shown(loaded.content)).toEqual(shown(model.content));
  });
});
