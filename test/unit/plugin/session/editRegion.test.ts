import { editRegion, wholeLayer } from '@emoeditor/plugin/session/editRegion.ts';
import { describe, expect, it } from 'vitest';
import { LAYER } from '../doubles/scriptedHost.ts';

const layer = { ...LAYER, bounds: { left: -10, top: 0, width: 1000, height: 600 } };
const selected = (left: number, top: number, width: number, height: number) => ({
  ...layer,
  selection: { left, top, width, height },
});

describe('what an edit looks at', () => {
  it('is the whole layer without a selection', () => {
    expect(editRegion(layer, 'edit')).toEqual({ bounds: layer.bounds, selection: 'none' });
    expect(editRegion(layer, 'keep')).toEqual(wholeLayer(layer));
  });

  it('is a selection with half its longer side around it', () => {
    expect(editRegion(selected(400, 250, 100, 60), 'edit')).toEqual({
      bounds: { left: 350, top: 200, width: 200, height: 160 },
      selection: 'edit',
    });
  });

  it('ends where the layer ends', () => {
    expect(editRegion(selected(-10, 520, 100, 80), 'edit').bounds).toEqual({
      left: -10,
      top: 470,
      width: 150,
      height: 130,
    });
  });

  it('is the whole layer when the selection is nearly all of it, or is to be kept', () => {
    expect(editRegion(selected(100, 100, 700, 400), 'edit')).toEqual({
      bounds: layer.bounds,
      selection: 'edit',
    });
    expect(editRegion(selected(400, 250, 100, 60), 'keep')).toEqual({
      bounds: layer.bounds,
      selection: 'keep',
    });
  });
});
