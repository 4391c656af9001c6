import { type Extent, workingExtent } from '@emoeditor/shared';
import type { BundleInfo } from '../models/modelPorts.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { Picture } from './edit.ts';
import { PipelineError } from './pipelineError.ts';
import type { ResizePicture } from './resizePicture.ts';

type SizeRule = Pick<BundleInfo, 'workingArea' | 'sizeMultiple'>;

/** How far a proxy's area may lie from the bundle's before it is scaled again. */
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
  const count = width * height;
  const data = new Float32Array(count * 3);
  const [red, green, blue] = channelsOf(data);
  // Channels written out: a loop over three takes twice as long, a tenth of all that surrounds the networks.
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    red[i] = (rgb[at] as number) / 255;
    green[i] = (rgb[at + 1] as number) / 255;
    blue[i] = (rgb[at + 2] as number) / 255;
  }
  return tensor(data, [1, 3, height, width]);
}

/** [1, 3, H, W] in [0, 1] → interleaved bytes. */
export function pictureOf({ data, dims }: Tensor): Picture {
  const [, , height = 0, width = 0] = dims;
  const count = width * height;
  const rgb = new Uint8Array(count * 3);
  const [red, green, blue] = channelsOf(data);
  // A byte array cuts the fraction off; Math.round takes seven times as long.
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    rgb[at] = 255 * (red[i] as number) + 0.5;
    rgb[at + 1] = 255 * (green[i] as number) + 0.5;
    rgb[at + 2] = 255 * (blue[i] as number) + 0.5;
  }
  return { width, height, rgb };
}

/** Views of a planar picture's three channels. */
function channelsOf(data: Float32Array): readonly [Float32Array, Float32Array, Float32Array] {
  const count = data.length / 3;
  return [data.subarray(0, count), data.subarray(count, 2 * count), data.subarray(2 * count)];
}
