import { describe, expect, it } from 'vitest';
import { type Context, fakeWorld } from './fakeWorld.ts';

/** The next turn of the event loop. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the modal scope', () => {
  it('[MD1] [MD11] is needed for edits and for reading pixels', async () => {
    const { active, photo, imaging } = fakeWorld();
    await expect(active().createPixelLayer({ name: 'x' })).rejects.toThrow(/modal scope/);
    expect(() => {
      photo().name = 'x';
    }).toThrow(/modal scope/);
    expect(() => photo().delete()).toThrow(/modal scope/);
    await expect(imaging.getPixels({ layerID: photo().id })).rejects.toThrow(/modal scope/);
  });

  it('[MD12] hands on of an error no more than its text', async () => {
    const { modally } = fakeWorld();
    const error = await modally(async () => {
      throw Object.assign(new TypeError('no'), { code: 'MINE' });
    }).catch((thrown) => thrown);
    expect([error.message, error.code, error instanceof TypeError]).toEqual([
      'no',
      undefined,
      false,
    ]);
  });

  it('[MD2] [MD4] is refused with number 9 while Photoshop is busy, or the plugin is in one already', async () => {
    const { fake, modally } = fakeWorld();
    fake.modal.isBusy = true;
    await expect(modally(async () => {})).rejects.toMatchObject({ number: 9 });
    fake.modal.isBusy = false;
    let end = () => {};
    const first = modally(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    await expect(modally(async () => {})).rejects.toMatchObject({ number: 9 });
    end();
    await first;
    await modally(async () => {});
  });

  it('[MD3] can be entered again from within, and shares bar, cancel and history', async () => {
    const { fake, model, modally, active, stateNames } = fakeWorld();
    const titles = new Set<string>();
    fake.modal.onProgress((shown) => titles.add(shown?.title ?? ''));
    let told = 0;
    await modally(async (outer) => {
      outer.onCancel = () => {
        told += 1;
      };
      const held = await outer.hostControl.suspendHistory({ documentID: model.id, name: 'Both' });
      await modally(async (inner) => {
        inner.reportProgress({ commandName: 'Within' });
        await active().createPixelLayer({ name: 'a' });
        await turn();
        await inner.hostControl.resumeHistory(held);
        inner.onCancel = () => {
          told += 1;
        };
        fake.modal.cancel();
        expect(inner.isCancelled).toBe(true);
      });
      expect(outer.isCancelled).toBe(true);
    });
    expect(told).toBe(2);
    expect([...titles]).toEqual(['Test', 'Within', '']);
    expect(stateNames()).toEqual(['Open', 'Both']);
  });

  it('[MD5] wants a name', async () => {
    const { photoshop } = fakeWorld();
    const nameless = photoshop.core.executeAsModal(async () => {}, {} as { commandName: string });
    await expect(nameless).rejects.toThrow(/commandName/);
  });

  it('[MD6] [MD7] is cancelled by the user: it is told, and nothing works any more until its end', async () => {
    const { fake, model, modally, active, imaging, photo, photoshop, stateNames } = fakeWorld();
    const cancelled = { number: -128 };
    const work = modally(async (context) => {
      let isTold = false;
      context.onCancel = () => {
        isTold = true;
      };
      const held = await context.hostControl.suspendHistory({ documentID: model.id, name: 'x' });
      await active().createPixelLayer({ name: 'half done' });
      fake.modal.cancel();
      expect([isTold, context.isCancelled]).toEqual([true, true]);
      await expect(active().createPixelLayer({ name: 'x' })).rejects.toMatchObject(cancelled);
      await expect(imaging.getPixels({ layerID: photo().id })).rejects.toMatchObject(cancelled);
      await expect(photoshop.action.batchPlay([])).rejects.toMatchObject(cancelled);
      await expect(context.hostControl.resumeHistory(held, true)).rejects.toMatchObject(cancelled);
      throw new Error('stopped');
    });
    await expect(work).rejects.toThrow('stopped');
    expect(active().layers).toHaveLength(2);
    expect(stateNames()).toEqual(['Open']);
    await modally(() => active().createPixelLayer({ name: 'next' }));
  });

  it('[MD8] shows progress from 0 to 1', async () => {
    const { fake, modally } = fakeWorld();
    const seen: (number | null)[] = [];
    fake.modal.onProgress((progress) => seen.push(progress?.value ?? null));
    await modally(async (context) => {
      context.reportProgress({ value: 0.5 });
      expect(() => context.reportProgress({ value: 50 })).toThrow(/0 to 1/);
    });
    expect(seen).toEqual([null, 0.5, null]);
  });

  it('[MD9] silences notifications', async () => {
    const { fake, model, modally, active, photo, photoshop } = fakeWorld();
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

  it('[MD10] hands out a context that cannot be copied', async () => {
    const { modally } = fakeWorld();
    await modally(async (context) => {
      expect(Object.keys(context)).toEqual([]);
      expect({ ...context }).toEqual({});
      expect({ ...context.hostControl }).toEqual({});
      expect(context.isCancelled).toBe(false);
    });
  });
});

describe('history', () => {
  const suspended = ({ hostControl }: Context, documentID: number, name = 'Awe · 100 %') =>
    hostControl.suspendHistory({ documentID, name });

  it('[HI1] [HI2] [HI4] is one step of what a suspension holds, or nothing', async () => {
    const { model, modally, active, stateNames } = fakeWorld();
    await modally(async (context) => {
      const id = await suspended(context, model.id);
      const layer = await active().createPixelLayer({ name: 'a' });
      layer.name = 'b';
      await turn();
      await context.hostControl.resumeHistory(id, true);
    });
    expect(stateNames()).toEqual(['Open', 'Awe · 100 %']);
    const { content } = model;
    await modally(async (context) => {
      const id = await suspended(context, model.id, 'never');
      await active().createPixelLayer({ name: 'c' });
      await context.hostControl.resumeHistory(id, false);
      await context.hostControl.resumeHistory(await suspended(context, model.id, 'unchanged'));
    });
    expect(stateNames()).toEqual(['Open', 'Awe · 100 %']);
    expect(model.content).toBe(content);
  });

  it('[HI3] ends with its scope: committed after success, cancelled after an exception', async () => {
    const { model, modally, active, stateNames } = fakeWorld();
    await modally(async (context) => {
      await suspended(context, model.id, 'Left open');
      await active().createPixelLayer({ name: 'a' });
    });
    expect(stateNames()).toEqual(['Open', 'Left open']);
    const { content } = model;
    const failing = modally(async (context) => {
      await suspended(context, model.id, 'Broken');
      await active().createPixelLayer({ name: 'b' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(model.content).toBe(content);
    expect(stateNames()).toEqual(['Open', 'Left open']);
  });

  it('[HI5] takes a last name', async () => {
    const { model, modally, active, stateNames } = fakeWorld();
    await modally(async (context) => {
      const id = await suspended(context, model.id, 'Working');
      await active().createPixelLayer({ name: 'a' });
      if (typeof id !== 'number') id.finalName = 'Done';
      await turn();
      await context.hostControl.resumeHistory(id);
    });
    expect(stateNames()).toEqual(['Open', 'Done']);
  });

  it('[HI6] has a step for every change that no suspension holds, even of a scope that throws', async () => {
    const { modally, active, stateNames } = fakeWorld();
    const work = modally(async () => {
      const layer = await active().createPixelLayer({ name: 'a' });
      layer.name = 'b';
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(stateNames()).toEqual(['Open', 'New Layer', 'Layer Properties']);
    expect(active().layers).toHaveLength(3);
  });

  it('[HI8] keeps a change as a state of its own when it is resumed in the same turn', async () => {
    const { model, modally, active, stateNames } = fakeWorld();
    await modally(async (context) => {
      const id = await suspended(context, model.id, 'Both');
      await active().createPixelLayer({ name: 'x' });
      await context.hostControl.resumeHistory(id, true);
    });
    expect(stateNames()).toEqual(['Open', 'Both', 'New Layer']);
  });

  it('[HI7] may belong to a playing action: then nobody else suspends or resumes it', async () => {
    const { fake, model, active, modally, stateNames } = fakeWorld();
    await fake.modal.history.ownedByAction(model, 'My action', () =>
      modally(async (context) => {
        const id = await suspended(context, model.id);
        expect(id).toBe(4294967295);
        await active().createPixelLayer({ name: 'a' });
        await expect(context.hostControl.resumeHistory(id, true)).rejects.toThrow(/4294967295/);
        await expect(context.hostControl.resumeHistory(id, false)).rejects.toThrow(/4294967295/);
      }),
    );
    expect(stateNames()).toEqual(['Open', 'My action']);
  });
});
