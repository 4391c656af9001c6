import type { EditableLayer } from '@emoeditor/plugin/host/hostPort.ts';
import {
  editRegion,
  type SelectionChoices,
  wholeLayer,
} from '@emoeditor/plugin/session/editRegion.ts';
import { describe, expect, it } from 'vitest';
import { LAYER } from '../doubles/scriptedHost.ts';

const layer = { ...LAYER, bounds: { left: -10, top: 0, width: 1000, height: 600 } };
const selected = (left: number, top: number, width: number, height: number) => ({
  ...layer,
  selection: { left, top, width, height },
});

const regionOf = (
  layer: EditableLayer,
  selection: 'edit' | 'keep',
  more: Partial<SelectionChoices> = {},
) => editRegion(layer, { selection, feather: 0, padding: 50, ...more });

describe('what an edit looks at', () => {
  it('is the whole layer without a selection', () => {
    expect(regionOf(layer, 'edit')).toEqual({ bounds: layer.bounds, selection: 'none' });
    expect(regionOf(layer, 'keep')).toEqual(wholeLayer(layer));
  });

  it('is a selection with half its longer side around it', () => {
    expect(regionOf(selected(400, 250, 100, 60), 'edit')).toEqual({
      bounds: { left: 350, top: 200, width: 200, height: 160 },
      selection: 'edit',
      feather: 0,
    });
  });

  it('ends where the layer ends', () => {
    expect(regionOf(selected(-10, 520, 100, 80), 'edit').bounds).toEqual({
      left: -10,
      top: 470,
      width: 150,
      height: 130,
    });
  });

  it('is the whole layer when the selection is nearly all of it, or is to be kept', () => {
    expect(regionOf(selected(100, 100, 700, 400), 'edit')).toEqual({
      bounds: layer.bounds,
      selection: 'edit',
      feather: 0,
    });
    expect(regionOf(selected(400, 250, 100, 60), 'keep')).toEqual({
      bounds: layer.bounds,
      selection: 'keep',
      feather: 0,
    });
  });

  it('has as much around the selection as the user wants, and at least what fades', () => {
    const around = (more: Partial<SelectionChoices>) =>
      regionOf(selected(400, 250, 100, 60), 'edit', more).bounds;
    expect(around({ padding: 0 })).toEqual({ left: 400, top: 250, width: 100, height: 60 });
    expect(around({ padding: 10 })).toEqual({ left: 390, top: 240, width: 120, height: 80 });
    expect(around({ padding: 10, feather: 25 })).toEqual({
      ...{ left: 375, top: 225, width: 150, height: 110 },
    });
  });

  it('is never smaller than what the model can be shown', () => {
    const { bounds } = regionOf(selected(400, 250, 3, 5), 'edit', { padding: 0 });
    expect(bounds).toEqual({ left: 393, top: 243, width: 17, height: 19 });
  });
});
