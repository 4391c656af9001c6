import type { Layer } from 'photoshop/dom/Layer';
import { rangeOf, takePixels } from '../imagePixels.ts';
import type { Check, TrialDocument } from './check.ts';

const AREA = { left: 0, top: 0, right: 16, bottom: 16 };
const SPACE = { colorSpace: 'RGB', chunky: true } as const;

/** A layer of 16 × 16 pixels with every sample another one. */
export async function patternedLayer(trial: TrialDocument): Promise<Layer> {
  const { photoshop, document, depth } = trial;
  const layer = await document.createPixelLayer({ name: 'Trial' });
  if (layer === null) throw new Error('no layer was made');
  await put(trial, layer, patternOf(depth));
  return layer;

  async function put(
    { photoshop: { imaging } }: TrialDocument,
    { id }: Layer,
    data: Uint8Array | Uint16Array,
  ) {
    const imageData = await imaging.createImageDataFromBuffer(data, {
      ...SPACE,
      width: 16,
      height: 16,
      components: 4,
      colorProfile: '',
      fullRange: false,
    });
    try {
      await photoshop.imaging.putPixels({
        documentID: document.id,
        layerID: id,
        imageData,
        replace: false,
        targetBounds: AREA,
      });
    } finally {
      await imageData.dispose();
    }
  }
}

function patternOf(depth: 8 | 16): Uint8Array | Uint16Array {
  const range = depth === 8 ? 255 : 32768;
  const data = depth === 8 ? new Uint8Array(1024) : new Uint16Array(1024);
  for (let i = 0; i < 1024; i += 1) {
    data[i] = i % 4 === 3 ? range : Math.round((range * (i % 251)) / 250);
  }
  return data;
}

const pixelsOf = ({ photoshop, document }: TrialDocument, layer: Layer, more: object = {}) =>
  takePixels(
    photoshop.imaging.getPixels({
      documentID: document.id,
      layerID: layer.id,
      sourceBounds: AREA,
      colorSpace: 'RGB',
      ...more,
    }),
  );

/** Pixels there and back, in a document of the checks' own. */
export const IMAGING_CHECKS: readonly Check<TrialDocument>[] = [
  {
    rules: 'IM3 IM14',
    asks: 'samples that change on their way there and back',
    async try(trial) {
      const { data, components } = await pixelsOf(trial, await patternedLayer(trial));
      const sent = patternOf(trial.depth);
      let most = 0;
      for (let i = 0; i < sent.length; i += 1) {
        most = Math.max(most, Math.abs((data[i] as number) - (sent[i] as number)));
      }
      return `at most by ${most}; ${components} components, range ${rangeOf(data)}`;
    },
  },
  {
    rules: 'IM2',
    asks: 'a layer read at half its size',
    async try(trial) {
      const layer = await patternedLayer(trial);
      const { width, height, bounds, coarseness } = await pixelsOf(trial, layer, {
        targetSize: { width: 8, height: 8 },
      });
      return `${width} × ${height}, ${JSON.stringify(bounds)}, level of ${coarseness}`;
    },
  },
  {
    rules: 'IM16',
    asks: 'an empty region',
    async try(trial) {
      const layer = await patternedLayer(trial);
      const sourceBounds = { left: 20, top: 20, right: 30, bottom: 30 };
      const { bounds, width } = await pixelsOf(trial, layer, { sourceBounds });
      return `no error; bounds ${JSON.stringify(bounds)}, width ${width}`;
    },
  },
  {
    rules: 'IM13',
    asks: '8 bit asked for',
    async try(trial) {
      const { data } = await pixelsOf(trial, await patternedLayer(trial), { componentSize: 8 });
      return `no error; range ${rangeOf(data)}`;
    },
  },
  {
    rules: 'IM19',
    asks: 'pixels beyond the canvas',
    async try(trial) {
      const layer = await patternedLayer(trial);
      const sourceBounds = { left: -8, top: -8, right: 8, bottom: 8 };
      const { bounds } = await pixelsOf(trial, layer, { sourceBounds });
      return JSON.stringify(bounds);
    },
  },
];
