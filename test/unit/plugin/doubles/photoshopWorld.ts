import {
  type DocumentFacts,
  type Edges,
  FakePhotoshop,
  heightOf,
  type LayerContent,
  newLayer,
  Raster,
  type Samples,
  widthOf,
} from '@emoeditor/fake-photoshop';
import type { EditableLayer } from '@emoeditor/plugin/host/hostPort.ts';
import { photoshopModal } from '@emoeditor/plugin/host/modal.ts';
import { photoshopHost } from '@emoeditor/plugin/host/photoshopHost.ts';
import type { PhotoshopModule } from '@emoeditor/plugin/host/photoshopModule.ts';
import type { Document } from 'photoshop/dom/Document';

const FACTS: DocumentFacts = {
  name: 'meadow.psd',
  width: 64,
  height: 48,
  depth: 8,
  profile: 'Adobe RGB (1998)',
  mode: 'RGBColorMode',
};

/** Opaque pixels with a pattern in them, or with those that `pixelAt` says. */
export function patterned(
  place: Edges,
  pixelAt: (x: number, y: number) => readonly number[] = (x, y) => [
    (x * 7) & 255,
    (y * 5) & 255,
    90,
    255,
  ],
): Raster {
  const data = new Uint8Array(widthOf(place) * heightOf(place) * 4);
  for (let y = place.top, at = 0; y < place.bottom; y++) {
    for (let x = place.left; x < place.right; x++, at += 4) data.set(pixelAt(x, y), at);
  }
  return new Raster(8, 4).write(place, data);
}

/** The fake Photoshop with one layer open, seen through the panel's own adapter. */
export function photoshopWorld(
  facts: Partial<DocumentFacts> = {},
  emptyReads: 'empty' | 'reject' = 'empty',
  freeReads = false,
  copiesMasks = true,
) {
  const encodeJpeg = async () => Uint8Array.of(255, 216);
  const fake = new FakePhotoshop({ encodeJpeg, emptyReads, freeReads, copiesMasks });
  const source = newLayer(8, {
    name: 'Meadow',
    pixels: patterned({ left: -4, top: 2, right: 36, bottom: 22 }),
  });
  const document = fake.open(
    { ...FACTS, ...facts },
    { layers: [source], activeIds: [source.id], selection: null },
  );
  const module = fake.require('photoshop') as unknown as PhotoshopModule;
  const calls: { name: string; options: Record<string, unknown> }[] = [];
  noteCalls(module.imaging as never, calls);
  /** Runs while the adapter waits for a busy Photoshop. */
  const waiting = { meanwhile: () => {} };
  const host = photoshopHost(
    module,
    { name: 'PS', version: '25', pluginVersion: '0' },
    photoshopModal(module.core, async () => waiting.meanwhile()),
  );
  return {
    fake,
    document,
    source,
    module,
    calls,
    host,
    waiting,
    user: fake.user(document),
    /** The document as the plugin sees it. */
    view: () => module.app.activeDocument as unknown as Document,
    /** Changes the source behind the plugin's back. */
    change: (change: Partial<LayerContent>) =>
      document.changeLayer(source.id, (layer) => ({ ...layer, ...change })),
    layerNow(): EditableLayer {
      const active = host.activeLayer();
      if (active.kind !== 'editable') throw new Error(active.message);
      return active.layer;
    },
    names: () => document.content.layers.map(({ name }) => name),
    history: () => document.states.map(({ name }) => name),
    top: () => document.content.layers[0] as LayerContent,
  };
}

/** The samples of one pixel. */
export const pixelOf = (raster: Raster | null, x: number, y: number): number[] =>
  Array.from(raster?.read({ left: x, top: y, right: x + 1, bottom: y + 1 }) as Samples);

function noteCalls(
  imaging: Record<string, (...given: Record<string, unknown>[]) => unknown>,
  calls: { name: string; options: Record<string, unknown> }[],
): void {
  for (const [name, call] of Object.entries(imaging)) {
    imaging[name] = (...given) => {
      calls.push({ name, options: given.at(-1) as Record<string, unknown> });
      return call(...given);
    };
  }
}
