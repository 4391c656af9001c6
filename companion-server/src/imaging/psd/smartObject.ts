import { createHash } from 'node:crypto';
import type { Extent } from '@emoeditor/shared';
import {
  type Descriptor,
  type DescriptorValue,
  double,
  unicode,
  versionedDescriptor,
} from './descriptor.ts';
import { block, encodeLayer, PLAIN_LOOK, uint32 } from './encodeLayer.ts';
import { flatDocument, overWhite } from './flatDocument.ts';
import { length } from './lengths.ts';
import { ICC_RESOURCE, RESOLUTION_RESOURCE } from './metadataResources.ts';
import type { LayerPlanes } from './pixels.ts';
import { type PsdFile, parsePsd, resourceOf } from './psdFile.ts';
import { spliced } from './splice.ts';

/** What makes a pixel layer an embedded smart object. */
export interface SmartObject {
  /** Blocks of the layer's record that say which file it shows, and where. */
  readonly blocks: readonly Buffer[];
  /** That file, as the document's block of embedded files lists it. */
  readonly linked: Buffer;
}

/** Where the contents lie. */
interface Place extends Extent {
  readonly left: number;
  readonly top: number;
}

/** Raster, of the kinds unknown, vector, raster, image stack. */
const RASTER = 2;
/** Antialiasing policy that Photoshop gives to all. */
const ANTIALIASED = 16;

/**
 * A layer as an embedded smart object, as Photoshop's “Convert to Smart Object” makes it: a PSB of one layer, shown at
 * its own size. The layer's own channels remain what programs without smart objects draw.
 * @param layerId makes two of the same contents independent of each other
 */
export function smartObject(
  file: PsdFile,
  name: string,
  layerId: number,
  place: Place,
  planes: LayerPlanes,
): SmartObject {
  const contents = contentsOf(file, name, place, planes);
  const id = uuid(contents, `file ${layerId}`);
  const instance = uuid(contents, `layer ${layerId}`);
  const corners = cornersOf(place);
  const warp = noWarp(place);
  const placed = Buffer.concat([
    Buffer.from('plcL', 'latin1'),
    uint32(3),
    pascal(id),
    ...[1, 1, ANTIALIASED, RASTER].map(uint32),
    ...corners.map(double),
    uint32(0),
    versionedDescriptor(warp),
  ]);
  const described = placedDescriptor({
    id,
    instance,
    corners,
    warp,
    place,
    density: densityOf(file),
  });
  const data = Buffer.concat([
    Buffer.from('soLD', 'latin1'),
    uint32(4),
    versionedDescriptor(described),
  ]);
  return { blocks: [block('PlLd', placed), block('SoLd', data)], linked: linkedFile(id, contents) };
}

/** A PSB of one layer, in the document's own depth, profile and resolution. */
function contentsOf(
  file: PsdFile,
  name: string,
  { width, height }: Extent,
  planes: LayerPlanes,
): Buffer {
  const extent = { width, height };
  const resources = new Map<number, Uint8Array>();
  for (const id of [RESOLUTION_RESOURCE, ICC_RESOURCE]) {
    const data = resourceOf(file, id);
    if (data !== null) resources.set(id, data);
  }
  const { colour, alpha } = planes;
  const flat = parsePsd(flatDocument(overWhite(colour, alpha), extent, resources, true));
  const colours = colour.map((samples, id) => ({ id, samples }));
  const channels = alpha === null ? colours : [{ id: -1, samples: alpha }, ...colours];
  const layer = { name, id: 2, left: 0, top: 0, extent, channels, look: PLAIN_LOOK };
  return spliced(flat, {
    layers: { above: -1, encoded: [encodeLayer(layer, true)], linked: null },
    hidden: null,
    resources: new Map(),
    merged: null,
    isTransparent: alpha !== null,
  });
}

/** One embedded file: `liFD`, version 2, filled up to a multiple of four outside its length. */
function linkedFile(id: string, contents: Buffer): Buffer {
  const element = Buffer.concat([
    Buffer.from('liFD', 'latin1'),
    uint32(2),
    pascal(id),
    unicode('Layer.psb'),
    Buffer.from('8BPB8BIM', 'latin1'),
    length(contents.length, true),
    // No descriptor of how it is opened.
    Buffer.from([0]),
    contents,
  ]);
  const fill = Buffer.alloc((4 - (element.length & 3)) & 3);
  return Buffer.concat([length(element.length, true), element, fill]);
}

const pascal = (text: string) =>
  Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);

/** The same contents and purpose give the same id, so that an edit can be made again to the byte. */
function uuid(contents: Uint8Array, purpose: string): string {
  const hex = createHash('sha256').update(purpose).update(contents).digest('hex');
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-');
}

/** x and y of the corners, from the upper left clockwise. */
function cornersOf({ left, top, width, height }: Place): number[] {
  const [right, bottom] = [left + width, top + height];
  return [left, top, right, top, right, bottom, left, bottom];
}

const pixels = (value: number): DescriptorValue => ({ unit: '#Pxl', double: value });

function noWarp({ width, height }: Extent): Descriptor {
  return {
    classId: 'warp',
    items: {
      warpStyle: { enum: 'warpStyle', value: 'warpNone' },
      warpValue: { double: 0 },
      warpPerspective: { double: 0 },
      warpPerspectiveOther: { double: 0 },
      warpRotate: { enum: 'Ornt', value: 'Hrzn' },
      bounds: {
        classId: 'Rctn',
        items: {
          'Top ': pixels(0),
          Left: pixels(0),
          Btom: pixels(height),
          Rght: pixels(width),
        },
      },
      uOrder: { long: 4 },
      vOrder: { long: 4 },
    },
  };
}

function placedDescriptor({
  id,
  instance,
  corners,
  warp,
  place,
  density,
}: {
  readonly id: string;
  readonly instance: string;
  readonly corners: readonly number[];
  readonly warp: Descriptor;
  readonly place: Place;
  readonly density: number;
}): Descriptor {
  const still: Descriptor = {
    classId: 'null',
    items: { numerator: { long: 0 }, denominator: { long: 600 } },
  };
  const transform = { list: corners.map((value) => ({ double: value })) };
  return {
    classId: 'null',
    items: {
      Idnt: { text: id },
      placed: { text: instance },
      PgNm: { long: 1 },
      totalPages: { long: 1 },
      frameStep: still,
      duration: still,
      frameCount: { long: 1 },
      Annt: { long: ANTIALIASED },
      Type: { long: RASTER },
      Trnf: transform,
      nonAffineTransform: transform,
      warp,
      'Sz  ': {
        classId: 'Pnt ',
        items: { Wdth: { double: place.width }, Hght: { double: place.height } },
      },
      Rslt: { unit: '#Rsl', double: density },
    },
  };
}

/** Pixels per inch; 72 where the document says nothing. */
function densityOf(file: PsdFile): number {
  const data = resourceOf(file, RESOLUTION_RESOURCE);
  return data === null || data.length < 4 ? 72 : Buffer.from(data).readUInt32BE(0) / 65_536;
}
