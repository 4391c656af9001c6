import type { Extent } from '@emoeditor/shared';
import { encodeChannel, type Samples } from './channelCodec.ts';

/** A layer to be written. */
export interface NewLayer {
  readonly name: string;
  readonly id: number;
  readonly left: number;
  readonly top: number;
  readonly extent: Extent;
  readonly channels: readonly NewChannel[];
  readonly look: LayerLook;
}

/** Samples of a channel, or the channel as another layer stores it, compression included. */
export type NewChannel =
  | { readonly id: number; readonly samples: Samples }
  | { readonly id: number; readonly stored: Uint8Array };

/** How a layer is drawn. */
export interface LayerLook {
  /** Four letters. */
  readonly blend: string;
  /** 0 to 255. */
  readonly opacity: number;
  readonly isClipped: boolean;
  readonly flags: number;
  /** The mask's place and settings; empty without one. */
  readonly mask: Uint8Array;
  /** "Blend If"; null for all of it. */
  readonly blendingRanges: Uint8Array | null;
  /** Further blocks, whole. */
  readonly blocks: readonly Uint8Array[];
}

/** Flags of a visible layer: bit 3 says that bit 4 means something, as every Photoshop since 5 writes it. */
export const VISIBLE = 0x08;
export const TRANSPARENCY_LOCKED = 0x01;
export const HIDDEN = 0x02;

export const PLAIN_LOOK: LayerLook = {
  blend: 'norm',
  opacity: 255,
  isClipped: false,
  flags: VISIBLE,
  mask: Buffer.alloc(0),
  blendingRanges: null,
  blocks: [],
};

/** The two parts of a layer in the list: all records come first, then all channels. */
export interface EncodedLayer {
  readonly record: Buffer;
  readonly channels: Buffer;
}

export function encodeLayer(layer: NewLayer, isLarge: boolean): EncodedLayer {
  const channels = layer.channels.map((channel) => ({
    id: channel.id,
    bytes:
      'stored' in channel ? channel.stored : encodeChannel(channel.samples, layer.extent, isLarge),
  }));
  const head = Buffer.alloc(18 + channels.length * (isLarge ? 10 : 6));
  const { left, top, extent } = layer;
  head.writeInt32BE(top, 0);
  head.writeInt32BE(left, 4);
  head.writeInt32BE(top + extent.height, 8);
  head.writeInt32BE(left + extent.width, 12);
  head.writeUInt16BE(channels.length, 16);
  for (const [i, { id, bytes }] of channels.entries()) {
    const at = 18 + i * (isLarge ? 10 : 6);
    head.writeInt16BE(id, at);
    // The upper half of a long length stays 0: no channel has 4 GB.
    head.writeUInt32BE(bytes.length, isLarge ? at + 6 : at + 2);
  }
  const { look } = layer;
  const style = Buffer.alloc(12);
  style.write(`8BIM${look.blend}`, 0, 'latin1');
  style[8] = look.opacity;
  style[9] = look.isClipped ? 1 : 0;
  style[10] = look.flags;
  const extra = Buffer.concat([
    withLength(look.mask),
    withLength(look.blendingRanges ?? wholeRanges(channels.length)),
    shortName(layer.name),
    block('luni', unicode(layer.name)),
    block('lyid', uint32(layer.id)),
    ...look.blocks,
  ]);
  return {
    record: Buffer.concat([head, style, withLength(extra)]),
    channels: Buffer.concat(channels.map(({ bytes }) => bytes)),
  };
}

/** A block of a layer; its data is filled up to a multiple of four, which all readers accept. */
export function block(key: string, data: Uint8Array): Buffer {
  const padded = Buffer.alloc((data.length + 3) & ~3);
  padded.set(data);
  return Buffer.concat([Buffer.from(`8BIM${key}`, 'latin1'), withLength(padded)]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const withLength = (data: Uint8Array) => Buffer.concat([uint32(data.length), data]);

/** Black 0 to white 255 of source and destination, for the composite and each channel. */
function wholeRanges(channels: number): Buffer {
  const ranges = Buffer.alloc((channels + 1) * 8);
  for (let at = 0; at < ranges.length; at += 4) ranges.writeUInt32BE(0x0000ffff, at);
  return ranges;
}

/** A Pascal string in whole groups of four bytes, for readers that know no `luni`. */
function shortName(name: string): Buffer {
  const letters = Buffer.from(name.replace(/[^\x20-\x7e]/g, '?').slice(0, 255), 'latin1');
  const field = Buffer.alloc((letters.length + 4) & ~3);
  field[0] = letters.length;
  field.set(letters, 1);
  return field;
}

function unicode(name: string): Buffer {
  return Buffer.concat([uint32(name.length), Buffer.from(name, 'utf16le').swap16()]);
}

/** Ends of a group in the list: its boundary below its layers and its head above them. */
export function groupRecords(
  name: string,
  ids: { readonly head: number; readonly boundary: number },
  isLarge: boolean,
): { readonly head: EncodedLayer; readonly boundary: EncodedLayer } {
  const empty = { left: 0, top: 0, extent: { width: 0, height: 0 } };
  const channels = [-1, 0, 1, 2].map((id) => ({ id, stored: Buffer.alloc(2) }));
  const divided = (text: string, id: number, kind: number, blend: string) => {
    const divider = Buffer.concat([uint32(kind), Buffer.from(`8BIM${blend}`, 'latin1')]);
    const blocks = [block('lsct', kind === 3 ? uint32(kind) : divider)];
    const look = { ...PLAIN_LOOK, blend, blocks };
    return encodeLayer({ ...empty, name: text, id, channels, look }, isLarge);
  };
  return {
    head: divided(name, ids.head, 1, 'pass'),
    boundary: divided('</Layer group>', ids.boundary, 3, 'norm'),
  };
}
