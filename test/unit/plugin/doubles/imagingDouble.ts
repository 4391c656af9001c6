import type { Edges } from '@emoeditor/plugin/host/rectangle.ts';
import type { Paint, PhotoshopDouble } from './photoshopDouble.ts';

/** `photoshop.imaging` over the double's layers: trims, counts components, keeps account of image data. */
export function imagingOf(double: PhotoshopDouble, note: (name: string, options: object) => void) {
  const { document } = double;
  const layerOf = (id: number) => {
    const found = document.layers.find((layer) => layer.id === id);
    if (found === undefined) throw new Error('no such layer');
    return found;
  };
  const imageData = (width: number, height: number, components: number, values: number[]) => {
    const data = double.bits === 16 ? Uint16Array.from(values) : Uint8Array.from(values);
    const image = {
      width,
      height,
      components,
      getData: async () => data,
      dispose: () => void double.alive.delete(image),
    };
    double.alive.add(image);
    return image;
  };
  const plane = (edges: Edges, value: (x: number, y: number) => number) => {
    const values: number[] = [];
    for (let y = edges.top; y < edges.bottom; y += 1) {
      for (let x = edges.left; x < edges.right; x += 1) values.push(value(x, y));
    }
    return {
      imageData: imageData(edges.right - edges.left, edges.bottom - edges.top, 1, values),
      sourceBounds: edges,
    };
  };
  return {
    async getPixels(options: { layerID: number; sourceBounds: Edges; targetSize?: object }) {
      note('getPixels', options);
      const layer = layerOf(options.layerID);
      const scale = options.targetSize ? 2 ** double.level : 1;
      const edges = trim(options.sourceBounds, layer.paint);
      const count = layer.isBackgroundLayer ? 3 : 4;
      const values: number[] = [];
      for (let y = edges.top; y < edges.bottom; y += scale) {
        for (let x = edges.left; x < edges.right; x += scale) {
          const pixel = layer.paint(x, y).slice(0, count);
          values.push(
            ...pixel.map((v) => (double.bits === 16 ? Math.round((v * 32768) / 255) : v)),
          );
        }
      }
      const width = Math.ceil((edges.right - edges.left) / scale);
      const height = Math.ceil((edges.bottom - edges.top) / scale);
      const at = (value: number) => Math.floor(value / scale);
      return {
        imageData: imageData(width, height, count, values),
        sourceBounds: {
          left: at(edges.left),
          top: at(edges.top),
          right: at(edges.right),
          bottom: at(edges.bottom),
        },
        level: options.targetSize ? double.level : 0,
      };
    },
    async createImageDataFromBuffer(data: Uint8Array | Uint16Array, options: Created) {
      note('createImageDataFromBuffer', options);
      expectLength(data, options);
      const image = {
        ...options,
        data: data.slice(),
        dispose: () => void double.alive.delete(image),
      };
      double.alive.add(image);
      return image;
    },
    async putPixels(options: Put) {
      note('putPixels', options);
      const layer = layerOf(options.layerID);
      if (options.replace) layer.pixels.clear();
      each(options, (key, samples) => layer.pixels.set(key, samples));
    },
    async getSelection({ sourceBounds }: { sourceBounds: Edges }) {
      return plane(
        trim(sourceBounds, (x, y) => [0, 0, 0, double.select(x, y)]),
        double.select,
      );
    },
    async getLayerMask({ layerID, sourceBounds }: { layerID: number; sourceBounds: Edges }) {
      const { mask } = layerOf(layerID);
      return plane(sourceBounds, (x, y) => mask.get(`${x},${y}`) ?? 255);
    },
    async putLayerMask(options: Put) {
      note('putLayerMask', options);
      const layer = layerOf(options.layerID);
      if (options.replace) layer.mask.clear();
      layer.hasMask = true;
      each(options, (key, samples) => layer.mask.set(key, samples[0] ?? 0));
    },
    encodeImageData: async () => 'JPEG',
  };
}

interface Created {
  width: number;
  height: number;
  components: number;
}

interface Put {
  layerID: number;
  replace: boolean;
  targetBounds: { left: number; top: number };
  imageData: Created & { data: Uint8Array };
}

function expectLength(data: { length: number }, { width, height, components }: Created): void {
  if (data.length !== width * height * components) throw new Error('wrong length');
}

function each({ imageData, targetBounds }: Put, set: (key: string, samples: number[]) => void) {
  const { width, height, components, data } = imageData;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * components;
      set(`${targetBounds.left + x},${targetBounds.top + y}`, [...data.slice(at, at + components)]);
    }
  }
}

/** The smallest rectangle that holds everything opaque, as Photoshop returns it; no area when nothing is. */
function trim(edges: Edges, paint: Paint): Edges {
  let [left, top, right, bottom] = [edges.right, edges.bottom, edges.left, edges.top];
  for (let y = edges.top; y < edges.bottom; y += 1) {
    for (let x = edges.left; x < edges.right; x += 1) {
      if (paint(x, y)[3] === 0) continue;
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
    }
  }
  return right > left ? { left, top, right, bottom } : { left: 0, top: 0, right: 0, bottom: 0 };
}
