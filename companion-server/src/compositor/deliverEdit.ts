import { SRGB_PROFILE } from '@emoeditor/shared';
import type { WorkingEdit } from './compositor.ts';
import { type FitSettings, fitEdit } from './fit/fitEdit.ts';
import { compositorOf } from './tile/tileCompositor.ts';

/**
 * An edit as its layer will look, at working size: the fit applied to the source itself. What a decoder gives is softer
 * than the photograph and mottled where the model is unsure; that is not delivered.
 * @returns planar RGB [3, H, W] in [0, 1], without the dither that 8 bits get
 * @throws CompositorError BAD_EDIT
 */
export function deliverEdit(edit: WorkingEdit, settings: FitSettings): Float32Array {
  const { extent, source } = edit;
  const { width, height } = extent;
  const pixels = width * height;
  const data = new Float32Array(source.length);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) data[i * 3 + k] = source[k * pixels + i] as number;
  }
  const kind = { channels: 3, sample: 'float32', range: 1, profile: SRGB_PROFILE } as const;
  const format = { width, height, ...kind };
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const layer = compositorOf(fitEdit(edit, settings)).apply({ format, data }, place, {
    intensity: 1,
  });
  const out = new Float32Array(source.length);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) out[k * pixels + i] = layer.data[i * 3 + k] as number;
  }
  return out;
}
