import { type Bounds, type GrainSample, measureGrain } from '@emoeditor/shared';
import { rangeOf, takePixels } from './imagePixels.ts';
import type { PhotoshopModule } from './photoshopModule.ts';
import type { PixelSource } from './pixelSource.ts';
import { edgesOf } from './rectangle.ts';

/** A few small squares tell enough: grain is the same all over a photograph. */
const SIDE = 256;
const PLACES = [
  [1 / 2, 1 / 2],
  [1 / 6, 1 / 6],
  [5 / 6, 1 / 6],
  [1 / 6, 5 / 6],
  [5 / 6, 5 / 6],
] as const;

/** Noise of the layer at its own resolution, in the document's own numbers. Call it in a modal scope. */
export async function captureGrain(
  imaging: PhotoshopModule['imaging'],
  source: PixelSource,
  region: Bounds,
): Promise<number> {
  const samples: GrainSample[] = [];
  for (const bounds of patchesOf(region)) {
    const patch = await patchOf(imaging, source, bounds);
    if (patch !== null) samples.push(patch);
  }
  return measureGrain(samples);
}

/** Null where there is nothing to measure, which Photoshop may also answer with an error. */
async function patchOf(
  imaging: PhotoshopModule['imaging'],
  source: PixelSource,
  bounds: Bounds,
): Promise<GrainSample | null> {
  try {
    const { width, height, components, data } = await takePixels(
      imaging.getPixels({
        ...source,
        sourceBounds: edgesOf(bounds),
        colorSpace: 'RGB',
      }),
    );
    if (components !== 3 && components !== 4) return null;
    return { format: { width, height, channels: components, range: rangeOf(data) }, data };
  } catch {
    return null;
  }
}

/** Squares within the region; one when it is hardly larger. */
function patchesOf(region: Bounds): Bounds[] {
  const width = Math.min(SIDE, region.width);
  const height = Math.min(SIDE, region.height);
  const places = region.width * region.height < 4 * SIDE * SIDE ? PLACES.slice(0, 1) : PLACES;
  return places.map(([u, v]) => ({
    left: region.left + within(u * region.width - width / 2, region.width - width),
    top: region.top + within(v * region.height - height / 2, region.height - height),
    width,
    height,
  }));
}

const within = (place: number, last: number) => Math.round(Math.min(last, Math.max(0, place)));
