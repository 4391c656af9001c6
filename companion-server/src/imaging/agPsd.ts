import { initializeCanvas } from 'ag-psd';

type CreateImageData = NonNullable<Parameters<typeof initializeCanvas>[1]>;

/** ag-psd wants a canvas even where it only makes room for pixels; there is none here, and none is needed. */
initializeCanvas(
  () => {
    throw new Error('Expected pixels as plain arrays but a canvas was asked for.');
  },
  (width, height) => {
    const data = new Uint8ClampedArray(width * height * 4);
    // The type is the browser's; ag-psd reads and writes these three fields.
    return { width, height, data, colorSpace: 'srgb' } as ReturnType<CreateImageData>;
  },
);

export {
  decodeLayerPixels,
  type Layer,
  type PixelData,
  type Psd,
  readPsd,
  writePsdUint8Array,
} from 'ag-psd';
