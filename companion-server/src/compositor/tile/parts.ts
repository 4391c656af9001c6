import type { PixelBuffer } from '@emoeditor/shared';
import type { CompositeSettings, Compositor, TilePlace } from '../compositor.ts';
import { CompositorError } from '../compositorError.ts';
import { emptyLike } from './samples.ts';

/**
 * The parts of an edit as layers of their own: `content` lies above `grade`, clipped to it, and both together are
 * `all` to the last bit. A pixel of content has alpha 0 or full alpha, because any other would cause rounding.
 * @param whole composites grade and content
 * @param grade composites the grade alone
 */
export function separable(whole: Compositor, grade: Compositor): Compositor {
  return {
    apply(tile, place, settings) {
      const part = settings.part ?? 'all';
      if (typeof part === 'object') throw noElements(part.element);
      switch (part) {
        case 'all':
          return whole.apply(tile, place, settings);
        case 'grade':
          return grade.apply(tile, place, settings);
        case 'content':
          return contentOf(whole, grade, tile, place, settings);
      }
    },
  };
}

const noElements = (index: number) =>
  new CompositorError(
    'BAD_PART',
    `Expected one of an edit's parts but received the element ${index}; this edit has no elements.`,
    'Ask for all, grade or content.',
  );

/** What `whole` changes beyond `grade`: RGBA, its pixels where they differ, alpha 0 elsewhere. */
function contentOf(
  whole: Compositor,
  grade: Compositor,
  tile: PixelBuffer,
  place: TilePlace,
  settings: CompositeSettings,
): PixelBuffer {
  const { format } = tile;
  const { channels } = format;
  const [all, graded] = [whole.apply(tile, place, settings), grade.apply(tile, place, settings)];
  const pixels = format.width * format.height;
  const data = emptyLike(tile.data, pixels * 4);
  for (let i = 0; i < pixels; i++) {
    const from = i * channels;
    const to = i * 4;
    const differs =
      all.data[from] !== graded.data[from] ||
      all.data[from + 1] !== graded.data[from + 1] ||
      all.data[from + 2] !== graded.data[from + 2];
    for (let k = 0; k < 3; k++) data[to + k] = differs ? (all.data[from + k] as number) : 0;
    data[to + 3] = differs ? format.range : 0;
  }
  return { format: { ...format, channels: 4 }, data };
}
