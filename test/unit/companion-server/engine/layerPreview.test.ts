import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { layerPreview } from '@emoeditor/companion-server/engine/layerPreview.ts';
import { imageOf } from '@emoeditor/companion-server/pipeline/preprocess.ts';
import { SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { photograph } from '../pipeline/editing.ts';

const extent = { width: 64, height: 64 };
const { rgb } = photograph(64, 64);
const source = imageOf({ ...extent, rgb }).data;
/** A VAE of low contrast, and an edit that darkens: only the second is to be delivered. */
const decodedSource = source.map((value) => 0.9 * value + 0.05);
const decodedEdit = decodedSource.map((value) => 0.5 * value);
const edit = { extent, source, decodedSource, decodedEdit, region: null };
const fit = fitEdit(edit);
const compositor = compositorOf(fit);
const engine: Pick<Engine, 'composite'> = {
  composite: async (_fit, ...takes) => compositor.apply(...takes),
};

describe('preview of a layer', () => {
  it('is what the compositor delivers at that size, not what the VAE decodes', async () => {
    const { rgb: shown } = await layerPreview(engine, edit, fit, { intensity: 1 });
    const format = {
      ...extent,
      channels: 3,
      sample: 'uint8',
      range: 255,
      profile: SRGB_PROFILE,
    } as const;
    const place = { bounds: { left: 0, top: 0, width: 64, height: 64 }, extent };
    const delivered = compositor.apply({ format, data: rgb }, place, { intensity: 1 });
    expect(shown).toEqual(delivered.data);
    expect(shown).not.toEqual(rgb);
  });

  it('leaves the source where the edit does not show', async () => {
    const region = new Float32Array(64 * 64).fill(1, 32 * 64);
    const { rgb: shown } = await layerPreview(engine, { ...edit, region }, fit, { intensity: 1 });
    const { rgb: whole } = await layerPreview(engine, edit, fit, { intensity: 1 });
    const half = shown.length / 2;
    expect(shown.subarray(0, half)).toEqual(rgb.subarray(0, half));
    expect(shown.subarray(half)).toEqual(whole.subarray(half));
  });
});
