import {
  type EditRequest,
  type EmotionVector,
  type PixelBuffer,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import type { WorkingEdit } from '../compositor/compositor.ts';
import { dilate, gaussian } from '../compositor/planes.ts';
import { createCompositor } from '../compositor/tile/tileCompositor.ts';
import type { Picture } from '../pipeline/edit.ts';
import { imageOf } from '../pipeline/preprocess.ts';
import type { Repainter } from '../pipeline/repaint.ts';

/** How many times the working size, in each direction. */
export const REFINEMENT = 2;
/** Pixels of the larger picture by which what is repainted reaches beyond the content, and how softly it ends. */
const MARGIN = 6;
const SOFTNESS = 3;

/**
 * Gives what an edit has added the detail that the working size had no room for: composites the edit at twice the
 * working size, lets the model repaint the content there in overlapping tiles, and is an edit of that size itself.
 * @param edit at working size, in sRGB
 * @param source the photograph at the larger size
 * @returns null when the edit is all grade and there is nothing to repaint
 * @throws PipelineError, CompositorError, the signal's reason
 */
export async function refineEdit(
  repainter: Repainter,
  request: EditRequest,
  edit: WorkingEdit,
  source: Picture,
  distribution: EmotionVector,
  progress: (done: number, steps: number) => void,
  signal: AbortSignal,
): Promise<WorkingEdit | null> {
  const { width, height, rgb } = source;
  const extent = { width, height };
  const page: PixelBuffer = {
    format: { ...extent, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: rgb,
  };
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const compositor = createCompositor(edit);
  const content = compositor.apply(page, place, { intensity: 1, part: 'content' });
  const found = Float32Array.from({ length: width * height }, (_, i) =>
    content.data[i * 4 + 3] === 0 ? 0 : 1,
  );
  if (!found.includes(1)) return null;
  const share = gaussian(dilate(found, extent, MARGIN), extent, SOFTNESS);
  const composited = compositor.apply(page, place, { intensity: 1 });
  const start = { ...extent, rgb: composited.data as Uint8Array };
  const mask = Uint8Array.from(share, (value) => (value > 0 ? 1 : 0));
  const job = { source, start, mask, distribution };
  const { decodedSource, decodedStart, decoded } = await repainter.repaint(
    request,
    job,
    progress,
    signal,
  );
  const decodedEdit = decodedStart.map((value, i) => {
    const amount = share[i % share.length] as number;
    return amount === 0 ? value : value + amount * ((decoded[i] as number) - value);
  });
  return { extent, source: imageOf(source).data, decodedSource, decodedEdit };
}
