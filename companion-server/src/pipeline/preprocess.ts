import { type Extent, workingExtent } from '@emoeditor/shared';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { bytesOfPlanes, planesOfBytes } from '../tensor/tensorKernel.ts';
import type { Picture } from './edit.ts';
import type { BundleInfo } from './modelPorts.ts';
import { PipelineError } from './pipelineError.ts';
import type { ResizePicture } from './resizePicture.ts';

type SizeRule = Pick<BundleInfo, 'workingArea' | 'sizeMultiple'>;

/** Largest ratio between a proxy's area and the bundle's working area without rescaling. */
const AREA_TOLERANCE = 1.25;

function isWorkingSize(
  { width, height }: Extent,
  { workingArea, sizeMultiple }: SizeRule,
): boolean {
  const ratio = (width * height) / workingArea;
  return (
    width % sizeMultiple === 0 &&
    height % sizeMultiple === 0 &&
    ratio <= AREA_TOLERANCE &&
    ratio >= 1 / AREA_TOLERANCE
  );
}

/**
 * The picture at a size the models can take; one that already has such a size is left as it is, because a second
 * resampling would only soften it.
 * @throws PipelineError BAD_PICTURE when the bytes do not fill the picture
 */
export async function toWorkingSize(
  picture: Picture,
  rule: SizeRule,
  resize: ResizePicture,
): Promise<Picture> {
  const { width, height, rgb } = picture;
  if (!(width >= 1 && height >= 1) || rgb.length !== width * height * 3) {
    throw new PipelineError(
      'BAD_PICTURE',
      `Expected ${width} × ${height} RGB pixels in ${width * height * 3} bytes but received ${rgb.length}.`,
      'Send the whole picture as 8-bit RGB.',
    );
  }
  if (isWorkingSize(picture, rule)) return picture;
  const extent = workingExtent(picture, rule.workingArea, rule.sizeMultiple);
  const scaled = await resize(picture, extent);
  const { region } = picture;
  if (region === undefined) return scaled;
  const asGrey = { width, height, rgb: greyOf(region) };
  const { rgb: grey } = await resize(asGrey, extent);
  return { ...scaled, region: grey.filter((_, i) => i % 3 === 0) };
}

function greyOf(region: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(region.length * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = region[Math.floor(i / 3)] as number;
  return rgb;
}

/** Weight of each pixel, [H · W] in [0, 1]; null when the edit shows everywhere. */
export function regionOf({ region }: Picture): Float32Array | null {
  return region === undefined ? null : Float32Array.from(region, (weight) => weight / 255);
}

/** Interleaved bytes → [1, 3, H, W] in [0, 1]. */
export function imageOf({ width, height, rgb }: Picture): Tensor {
  return tensor(planesOfBytes(rgb), [1, 3, height, width]);
}

/** [1, 3, H, W] in [0, 1] → interleaved bytes. */
export function pictureOf({ data, dims }: Tensor): Picture {
  const [, , height = 0, width = 0] = dims;
  return { width, height, rgb: bytesOfPlanes(data) };
}
