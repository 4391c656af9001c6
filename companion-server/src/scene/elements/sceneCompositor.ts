import type { Extent, PixelBuffer, PixelData } from '@emoeditor/shared';
import type { Compositor, TilePlace } from '../../compositor/compositor.ts';
import { CompositorError } from '../../compositor/compositorError.ts';
import { emptyLike } from '../../compositor/tile/samples.ts';
import { drawElement } from './drawElement.ts';
import { layerSolver } from './elementLayer.ts';
import type { LightPlanes } from './elementRenderer.ts';
import { decodeLight, documentLight } from './light/documentLight.ts';
import { encodeLight } from './light/encodeLight.ts';
import { mapReader } from './mapReader.ts';
import type { PreparedScene } from './preparedScene.ts';
import { RENDERERS } from './renderers.ts';

/** Pixels drawn at a time: their planes stay in the processor's cache, and memory does not grow with the tile. */
const CHUNK = 16 * 1024;
const LEAST_ROWS = 4;

/**
 * The elements of a plan on top of an edit. Pure: any tiling gives the same bits, what no element reaches keeps the
 * base's value to the last bit, and so does everything at intensity 0. Intensity scales the elements up to 1; beyond,
 * the grade alone grows. `elements` scales them alone.
 *
 * The part `{ element: n }` is the layer of the plan's nth element in the order of drawing: RGBA, to be laid over the
 * base and the elements below it, clipped to it. All layers together are within one level of `all`.
 * @throws CompositorError BAD_PART; what the base throws
 */
export function sceneCompositor(base: Compositor, scene: PreparedScene): Compositor {
  const reader = mapReader(scene.maps);
  return {
    apply(tile, place, settings) {
      const part = settings.part ?? 'all';
      const intensity = settings.elements ?? settings.intensity;
      if (typeof part === 'object') {
        checkPart(part.element, scene);
        const under = base.apply(tile, place, { ...settings, part: 'all' });
        return elementLayer(tile, under, place, intensity, part.element);
      }
      const under = base.apply(tile, place, settings);
      if (part !== 'all' || intensity === 0) return under;
      eachChunk(tile, under, place, (source, chunk, at) => {
        const { before, light } = drawn(source, chunk, at, intensity, () => {});
        encodeLight(chunk, at.bounds, before, light, chunk.data);
      });
      return under;
    },
  };

  function elementLayer(
    tile: PixelBuffer,
    under: PixelBuffer,
    place: TilePlace,
    intensity: number,
    wanted: number,
  ): PixelBuffer {
    const { format } = under;
    const out = emptyLike(under.data, format.width * format.height * 4);
    let first = 0;
    eachChunk(tile, under, place, (source, chunk, at) => {
      const solver = layerSolver(chunk);
      const pixels = at.bounds.width * at.bounds.height;
      const target = emptyLike(chunk.data);
      if (intensity > 0) {
        drawn(source, chunk, at, intensity, (index, before, light) => {
          if (index > wanted) return;
          encodeLight(chunk, at.bounds, before, light, target);
          const layer = index === wanted ? out.subarray(first * 4, (first + pixels) * 4) : null;
          solver.solve(target, layer as PixelData | null);
        });
      }
      first += pixels;
    });
    return { format: { ...format, channels: 4 }, data: out };
  }

  function drawn(
    source: PixelBuffer,
    under: PixelBuffer,
    place: TilePlace,
    intensity: number,
    after: (index: number, before: LightPlanes, light: LightPlanes) => void,
  ) {
    const document = documentLight(under.format.profile);
    const before = emptyLight(place.bounds);
    decodeLight(under, 0, document, before);
    const light = before.map((plane) => plane.slice()) as unknown as LightPlanes;
    const tile = { ...place, light, map: reader(source, place) };
    for (const [index, element] of scene.elements.entries()) {
      const entry = RENDERERS[element.element];
      // `prepareScene` has refused elements without a renderer.
      if (entry !== undefined) drawElement(entry, element, tile, intensity, scene.people);
      after(index, before, light);
    }
    return { before, light };
  }
}

function checkPart(index: number, { elements }: PreparedScene): void {
  if (Number.isInteger(index) && index >= 0 && index < elements.length) return;
  throw new CompositorError(
    'BAD_PART',
    `Expected the number of one of the ${elements.length} elements, from 0, but received ${index}.`,
    'Ask for the layers of the plan that was delivered.',
  );
}

const emptyLight = ({ width, height }: Extent): LightPlanes => [
  new Float32Array(width * height),
  new Float32Array(width * height),
  new Float32Array(width * height),
];

/** Rows of both tiles a few at a time, as views. */
function eachChunk(
  tile: PixelBuffer,
  under: PixelBuffer,
  { bounds, extent }: TilePlace,
  act: (source: PixelBuffer, chunk: PixelBuffer, at: TilePlace) => void,
): void {
  const rows = Math.max(LEAST_ROWS, Math.floor(CHUNK / bounds.width));
  const cut = ({ format, data }: PixelBuffer, from: number, height: number): PixelBuffer => {
    const row = format.width * format.channels;
    return {
      format: { ...format, height },
      data: data.subarray(from * row, (from + height) * row) as PixelData,
    };
  };
  for (let y = 0; y < bounds.height; y += rows) {
    const height = Math.min(rows, bounds.height - y);
    const at = { bounds: { ...bounds, top: bounds.top + y, height }, extent };
    act(cut(tile, y, height), cut(under, y, height), at);
  }
}
