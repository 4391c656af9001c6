import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ActionStep, flatten } from '../fakes/photoshop/index.ts';
import {
  closeWorlds,
  EVOKE_FEAR,
  history,
  names,
  type OpenDocument,
  photoshopWith,
  SIDE,
} from './actionsWorld.ts';
import { type BuiltPanel, buildPanel } from './productionPanel.ts';

let panel: BuiltPanel;
beforeAll(async () => {
  panel = await buildPanel();
});
afterEach(closeWorlds);

const photoshop = () => photoshopWith(panel);

describe('a step with a selection', () => {
  const AREA = { left: 30, top: 36, right: 54, bottom: 60 };
  const stepWith = (selection: string): ActionStep => ({
    ...EVOKE_FEAR,
    kind: 'method',
    methodName: 'emoEditorApply',
    info: {
      ...(EVOKE_FEAR as { info: object }).info,
      intensity: 100,
      'org.emoeditor.selection': selection,
    },
  });
  const isInside = (at: number) => {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    return x >= AREA.left && x < AREA.right && y >= AREA.top && y < AREA.bottom;
  };
  const flat = ({ content }: OpenDocument) =>
    flatten(content, 8, { left: 0, top: 0, right: SIDE, bottom: SIDE }).rgba;

  /** How many pixels inside and outside of the selection changed. */
  async function changedPixels(selection: string) {
    const { fake, document } = await photoshop();
    fake.user(document).selectArea(AREA);
    const before = flat(document);
    await fake.actions.play([stepWith(selection)]);
    const after = flat(document);
    const changed = { inside: 0, outside: 0 };
    for (let at = 0; at < SIDE * SIDE; at++) {
      const isSame = [0, 1, 2, 3].every((k) => before[at * 4 + k] === after[at * 4 + k]);
      if (!isSame) changed[isInside(at) ? 'inside' : 'outside'] += 1;
    }
    return { changed, layer: document.content.layers[0]!, fake };
  }

  it('changes what is selected and nothing else, not by one level', async () => {
    const { changed, layer, fake } = await changedPixels('edit');
    expect(changed.outside).toBe(0);
    expect(changed.inside).toBeGreaterThan(400);
    expect(layer.mask).not.toBeNull();
    // Nothing was written where nothing will show.
    expect(layer.pixels.bounds).toEqual(AREA);
    expect(fake.imagesAlive).toBe(0);
  });

  it('keeps what is selected to the last bit and changes the rest', async () => {
    const { changed, layer } = await changedPixels('keep');
    expect(changed.inside).toBe(0);
    expect(changed.outside).toBeGreaterThan(7000);
    expect(layer.mask).not.toBeNull();
  });

  it('keeps a subject with a soft edge where it is fully selected', async () => {
    const { fake, document } = await photoshop();
    fake.user(document).selectArea(AREA, { ellipse: true, feather: 6 });
    const selection = document.content.selection!;
    const before = flat(document);
    await fake.actions.play([stepWith('keep')]);
    const after = flat(document);
    let kept = 0;
    for (let at = 0; at < SIDE * SIDE; at++) {
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
      const weight = selection.read({ left: x, top: y, right: x + 1, bottom: y + 1 })[0];
      if (weight !== 255) continue;
      kept += 1;
      for (let k = 0; k < 4; k++) expect(after[at * 4 + k]).toBe(before[at * 4 + k]);
    }
    expect(kept).toBeGreaterThan(20);
  });
});

describe('a result as a group', () => {
  const asGroup: ActionStep = {
    ...EVOKE_FEAR,
    kind: 'method',
    methodName: 'emoEditorApply',
    info: { ...(EVOKE_FEAR as { info: object }).info, 'org.emoeditor.result': 'group' },
  };

  it('is a Grade and a Content layer, clipped to it, that show the same as one layer', async () => {
    const { fake, document } = await photoshop();
    fake
      .user(document)
      .selectArea({ left: 20, top: 20, right: 80, bottom: 80 }, { ellipse: true, feather: 8 });
    const whole = { left: 0, top: 0, right: SIDE, bottom: SIDE };
    await fake.actions.play([EVOKE_FEAR]);
    const one = flatten(document.content, 8, whole).rgba;
    fake.user(document).undo();
    await fake.actions.play([asGroup]);
    expect(history(document)).toEqual(['Open', 'Select', 'Fear · 80 %']);
    const [group] = document.content.layers;
    expect(group).toMatchObject({ kind: 'group', name: 'Fear · 80 %' });
    const facts = group?.children.map(({ name, isClippingMask, mask }) => ({
      name,
      isClippingMask,
      isMasked: mask !== null,
    }));
    expect(facts).toEqual([
      { name: 'Content', isClippingMask: true, isMasked: false },
      { name: 'Grade', isClippingMask: false, isMasked: true },
    ]);
    const two = flatten(document.content, 8, whole).rgba;
    let furthest = 0;
    for (let i = 0; i < one.length; i++) {
      furthest = Math.max(furthest, Math.abs((one[i] as number) - (two[i] as number)));
    }
    expect(furthest).toBe(0);
    expect(fake.imagesAlive).toBe(0);
  });

  it('is refused for a clipped layer, with what to do', async () => {
    const { fake, document } = await photoshop();
    const photo = document.content.layers[0]!;
    document.changeLayer(photo.id, (layer) => ({ ...layer, isClippingMask: true }));
    await expect(fake.actions.play([asGroup])).rejects.toThrow(/clipped.*One layer/);
    expect(names(document)).toEqual(['Photo', 'Background']);
  });
});
