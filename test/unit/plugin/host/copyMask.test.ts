import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { LayerAddition } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { expect, it } from 'vitest';
import { copy } from '../doubles/paints.ts';
import { photoshopWorld } from '../doubles/photoshopWorld.ts';

const AREA = { left: 0, top: 2, right: 10, bottom: 10 };
const { signal } = new CancelController();

it.each([
  ['[BP10] copied by Photoshop', true, {}],
  ['written as pixels where the host copies no masks', false, {}],
  ['written as pixels to a smart object', true, { isSmartObject: true }],
])(
  'the mask of the result before is %s, and keeps density and feather',
  async (_, copies, more) => {
    const world = photoshopWorld({}, 'empty', false, copies);
    const { host, document, user } = world;
    const add = async (replaces: number | null) => {
      user.selectLayer(world.source.id);
      const source = world.layerNow();
      const region = editRegion(source, DEFAULT_CHOICES);
      const layer = { source, region, name: 'Awe', replaces, note: null };
      const addition: LayerAddition = { layer, paint: copy, ...more };
      const [id] = await host.addLayers('Awe', [addition], signal);
      return id as number;
    };
    user.selectArea(AREA, { feather: 4 });
    const first = await add(null);
    const { mask } = world.top();
    document.changeLayer(first, (layer) => ({ ...layer, maskDensity: 153, maskFeather: 10 }));
    user.deselect();
    const written = () => world.calls.filter(({ name }) => name === 'putLayerMask').length;
    const before = written();
    await add(first);
    const { maskDensity, maskFeather, mask: taken } = world.top();
    expect(taken?.read(AREA)).toEqual(mask?.read(AREA));
    expect([maskDensity, maskFeather]).toEqual([153, 10]);
    expect(written() > before).toBe(!copies || 'isSmartObject' in more);
    expect(world.history()).toEqual(['Open', 'Select', 'Awe', 'Deselect', 'Awe']);
  },
);
