import type { PixelBuffer, PixelData } from '@emoeditor/shared';
import { emptyLike } from '../../compositor/tile/samples.ts';

export interface LayerSolver {
  /**
   * One more layer on top of those solved so far.
   * @param target the picture with this layer, in the tile's form
   * @param layer RGBA, filled; null where the layer itself is not asked for
   */
  solve(target: PixelData, layer: PixelData | null): void;
}

/**
 * Layers that give a sequence of pictures under Normal blending. For every pixel the smallest alpha for which a colour
 * inside the range gives the new value, rounded up to what the document can store; each layer is solved against what
 * the layers below it truly composite to, so that no error adds up.
 * @param under what the lowest layer lies on
 */
export function layerSolver({ format, data }: PixelBuffer): LayerSolver {
  const { channels, range, sample } = format;
  const so = emptyLike(data);
  so.set(data);
  const isFloat = sample === 'float32';
  const whole = (value: number) => (isFloat ? value : Math.round(value));
  const pixels = data.length / channels;
  return {
    solve(target, layer) {
      for (let i = 0; i < pixels; i++) {
        const at = i * channels;
        const needed = smallestAlpha(so, target, at, range);
        const alpha = isFloat ? needed : Math.ceil(needed * range) / range;
        if (layer !== null) layer[i * 4 + 3] = alpha * range;
        for (let k = 0; k < 3; k++) {
          const below = so[at + k] as number;
          const wanted = (target[at + k] as number) - below;
          const colour = alpha === 0 ? 0 : whole(below + wanted / alpha);
          // A float document may hold highlights above its range; the layer's colour may then lie above it, too.
          const kept = isFloat ? colour : Math.min(range, Math.max(0, colour));
          if (layer !== null) layer[i * 4 + k] = kept;
          if (alpha > 0) so[at + k] = whole(below + alpha * (kept - below));
        }
      }
    },
  };
}

/** 0 … 1 */
function smallestAlpha(below: PixelData, target: PixelData, at: number, range: number): number {
  let alpha = 0;
  for (let k = 0; k < 3; k++) {
    const from = below[at + k] as number;
    const change = (target[at + k] as number) - from;
    const room = change > 0 ? range - from : from;
    if (change !== 0) alpha = Math.max(alpha, room > 0 ? Math.abs(change) / room : 1);
  }
  return Math.min(1, alpha);
}
