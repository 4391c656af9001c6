import {
  type EditRequest,
  type PixelBuffer,
  sceneProxyExtent,
  workingExtent,
} from '@emoeditor/shared';
import { makeProxyOf } from '../imaging/makeProxy.ts';
import type { Picture } from '../pipeline/edit.ts';
import { workingAreaOf } from '../pipeline/modelPorts.ts';
import type { LoadedEditor } from './editJob.ts';

/**
 * A layer as an edit sees it. Its result is made small in the same way before it is read again: scaled once more or once
 * less, the same pixels are some hundredths of a probability more or less of an emotion.
 * @throws as makeProxyOf does
 */
export function seenBy(
  { info, offers }: Pick<LoadedEditor, 'info' | 'offers'>,
  { mode, scene }: EditRequest,
  pixels: PixelBuffer,
): Promise<Picture> {
  const workingArea = workingAreaOf(info, mode);
  // Where nothing is added to the scene the model's own size is enough.
  const mayAdd = offers.length > 0 && mode === 'fast' && scene?.elements !== false;
  const sizeOf = mayAdd ? sceneProxyExtent : workingExtent;
  return makeProxyOf(pixels, sizeOf(pixels.format, workingArea, info.sizeMultiple));
}
