import type { PhotoshopModule } from '@emoeditor/plugin/host/photoshopModule.ts';
import type { Edges } from '@emoeditor/plugin/host/rectangle.ts';

/** RGBA of one pixel at document coordinates. */
export type Paint = (x: number, y: number) => readonly [number, number, number, number];

export interface DoubleLayer {
  id: number;
  name: string;
  kind: string;
  visible: boolean;
  allLocked: boolean;
  pixelsLocked: boolean;
  isBackgroundLayer: boolean;
  isClippingMask: boolean;
  boundsNoEffects: Edges;
  parent: DoubleLayer | null;
  layers: DoubleLayer[] | null;
  hasMask: boolean;
  paint: Paint;
  /** What putPixels wrote: document coordinates → samples. */
  pixels: Map<string, number[]>;
  mask: Map<string, number>;
  move(target: DoubleLayer): void;
  delete(): void;
}

/** As much of Photoshop as one adapter test needs; counts image data that was not disposed of. */
export interface PhotoshopDouble {
  readonly module: PhotoshopModule;
  readonly document: {
    id: number;
    name: string;
    mode: string;
    bitsPerChannel: string;
    colorProfileName: string;
    layers: DoubleLayer[];
    activeLayers: DoubleLayer[];
    selection: { bounds: Edges | null };
    createPixelLayer(options: { name: string }): Promise<DoubleLayer>;
  };
  readonly calls: { name: string; options: Record<string, unknown> }[];
  readonly alive: Set<object>;
  readonly history: string[];
  isBusy: number;
  context: { isCancelled: boolean; onCancel?: (() => void) | undefined } | null;
  suspensionId: number;
  /** As after a cancel. */
  refusesRollBack: boolean;
  /** Pyramid level of scaled reads. */
  level: number;
  bits: 8 | 16;
  select: (x: number, y: number) => number;
  addLayer(patch?: Partial<DoubleLayer>): DoubleLayer;
}

export const opaque: Paint = (x, y) => [(x * 7) & 255, (y * 5) & 255, 90, 255];

export function photoshopDouble(): PhotoshopDouble {
  let nextId = 1;
  const document: PhotoshopDouble['document'] = {
    id: 4,
    name: 'meadow.psd',
    mode: 'RGBColorMode',
    bitsPerChannel: 'bitDepth8',
    colorProfileName: 'Adobe RGB (1998)',
    layers: [],
    activeLayers: [],
    selection: { bounds: null },
    createPixelLayer: async ({ name }) =>
      double.addLayer({ name, boundsNoEffects: { left: 0, top: 0, right: 0, bottom: 0 } }),
  };
  const double: PhotoshopDouble = {
    document,
    calls: [],
    alive: new Set(),
    history: [],
    isBusy: 0,
    context: null,
    suspensionId: 11,
    refusesRollBack: false,
    level: 0,
    bits: 8,
    select: () => 255,
    addLayer(patch = {}) {
      const layer: DoubleLayer = {
        id: nextId,
        name: `Layer ${nextId}`,
        kind: 'pixel',
        visible: true,
        allLocked: false,
        pixelsLocked: false,
        isBackgroundLayer: false,
        isClippingMask: false,
        boundsNoEffects: { left: 0, top: 0, right: 40, bottom: 20 },
        parent: null,
        layers: null,
        hasMask: false,
        paint: opaque,
        pixels: new Map(),
        mask: new Map(),
        move(target) {
          document.layers = document.layers.filter((each) => each !== layer);
          document.layers.splice(document.layers.indexOf(target), 0, layer);
        },
        delete() {
          document.layers = document.layers.filter((each) => each !== layer);
        },
        ...patch,
      };
      nextId += 1;
      document.layers.unshift(layer);
      document.activeLayers = [layer];
      return layer;
    },
    get module() {
      return moduleOf(double) as unknown as PhotoshopModule;
    },
  };
  return double;
}

function moduleOf(double: PhotoshopDouble) {
  const { document } = double;
  const note = (name: string, options: object) =>
    double.calls.push({ name, options: options as Record<string, unknown> });
  return {
    app: { activeDocument: document, documents: [document] },
    constants: { ElementPlacement: { PLACEBEFORE: 'placeBefore' } },
    action: {
      addNotificationListener: async () => {},
      removeNotificationListener: async () => {},
      batchPlay: async ([{ _target }]: [{ _target: { _id?: number }[] }]) => {
        const layer = document.layers.find(({ id }) => id === _target[1]?._id);
        return layer ? [{ hasUserMask: layer.hasMask }] : [{ _obj: 'error', result: -25920 }];
      },
    },
    core: { executeAsModal: modalOf(double) },
    imaging: imagingOf(double, note),
  };
}

function modalOf(double: PhotoshopDouble) {
  return async (work: (context: object) => Promise<unknown>) => {
    if (double.isBusy > 0) {
      double.isBusy -= 1;
      throw Object.assign(new Error('host is in a modal state'), { number: 9 });
    }
    const context = {
      isCancelled: false,
      onCancel: undefined as (() => void) | undefined,
      reportProgress: () => {},
      hostControl: {
        suspendHistory: async ({ name }: { name: string }) => {
          double.history.push(`suspend ${name}`);
          return double.suspensionId;
        },
        resumeHistory: async (_id: number, commit: boolean) => {
          if (!commit && double.refusesRollBack) throw new Error('cancelled');
          double.history.push(commit ? 'commit' : 'roll back');
        },
      },
    };
    double.context = context;
    return work(context);
  };
}

function imagingOf(double: PhotoshopDouble, note: (name: string, options: object) => void) {
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
