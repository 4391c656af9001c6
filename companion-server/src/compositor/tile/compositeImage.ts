import type { PixelBuffer, PixelData } from '@emoeditor/shared';
import type { CompositeSettings, TilePlace } from '../compositor.ts';
import { emptyLike } from './samples.ts';

/** Rows per strip: a few megabytes at a time, and a chance to cancel several times a second. */
const STRIP_ROWS = 128;

/** A compositor, in this thread or in others. */
export type ApplyTile = (
  tile: PixelBuffer,
  place: TilePlace,
  settings: CompositeSettings,
) => PixelBuffer | Promise<PixelBuffer>;

/**
 * Composites a whole picture in strips, for callers that have it in memory (the command line).
 * @param progress called after each strip with the share done, 0..1
 * @throws the signal's reason when aborted, CompositorError
 */
export async function compositeImage(
  apply: ApplyTile,
  pixels: PixelBuffer,
  settings: CompositeSettings,
  signal: AbortSignal,
  progress: (share: number) => void = () => {},
): Promise<PixelBuffer> {
  const { format, data } = pixels;
  const { width, height, channels } = format;
  // Layers above the grade have transparency, whatever the picture has.
  const isAbove = settings.part === 'content' || typeof settings.part === 'object';
  const outFormat = isAbove ? { ...format, channels: 4 as const } : format;
  const out = emptyLike(data, width * height * outFormat.channels);
  const row = width * channels;
  for (let top = 0; top < height; top += STRIP_ROWS) {
    signal.throwIfAborted();
    const rows = Math.min(STRIP_ROWS, height - top);
    const strip: PixelBuffer = {
      format: { ...format, height: rows },
      data: data.subarray(top * row, (top + rows) * row) as PixelData,
    };
    const bounds = { left: 0, top, width, height: rows };
    const result = await apply(strip, { bounds, extent: { width, height } }, settings);
    out.set(result.data, top * width * outFormat.channels);
    progress((top + rows) / height);
    await new Promise(setImmediate);
  }
  return { format: outFormat, data: out };
}
