import type { PhotoshopModule } from '@emoeditor/plugin/host/photoshopModule.ts';
import type { Edges } from '@emoeditor/plugin/host/rectangle.ts';
import { imagingOf } from './imagingDouble.ts';

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
