import { type Edges, newLayer, Raster } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { evoke, layerOf, openDocument, photograph, SIDE, stage, type World } from './stage.ts';

const { photoshop } = stage();

/** The photograph at a place of the canvas or off it, edited in a document of that resolution. */
async function editedAt(world: World, left: number, top: number, resolution = 72, intensity = 100) {
  const place: Edges = { left, top, right: left + SIDE, bottom: top + SIDE };
  const pixels = new Raster(8, 4).write(place, photograph());
  const photo = newLayer(8, { name: 'Photo', pixels });
  const document = openDocument(world.fake, {
    resolution,
    content: { layers: [photo], activeIds: [photo.id], selection: null },
  });
  await world.fake.actions.play([evoke({ intensity })]);
  const result = layerOf(document, `Awe · ${intensity} %`).pixels;
  return { place, source: pixels.read(place), result };
}

describe('expectation 4: exact position and size, on the canvas and off it, at any resolution', () => {
  it.each([
    [0, 0, 72],
    [-37, 11, 72],
    [-37, 11, 300],
    [71, -90, 240.5],
  ])('at %i, %i in %d pixels per inch', async (left, top, resolution) => {
    const world = photoshop();
    const { place, result } = await editedAt(world, left, top, resolution);
    expect(result.bounds).toEqual(place);
    const home = await editedAt(world, 0, 0);
    expect(result.read(place)).toEqual(home.result.read(home.place));
  });

  it('no pixel is resampled: without intensity every one is what it was', async () => {
    const { place, source, result } = await editedAt(photoshop(), -37, 11, 300, 0);
    expect(result.read(place)).toEqual(source);
  });
});
