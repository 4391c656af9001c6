import { Cursor, type Range } from './cursor.ts';
import type { LayerLook, NewChannel } from './encodeLayer.ts';
import type { ChannelPlace, LayerRecord } from './layerSection.ts';
import { blockOf } from './layerTree.ts';

/** What draws a layer besides its pixels. */
export interface CopiedLook {
  readonly look: LayerLook;
  /** Its masks as they are stored, channels -2 and -3. */
  readonly masks: readonly NewChannel[];
}

const LOOKS: ReadonlySet<string> = new Set(
  'lfx2 lrFX lmfx lfxs iOpa vmsk vsms infx clbl knko brst fxrp tsly lmgm vmgm'.split(' '),
);
const VECTOR_MASKS: readonly string[] = ['vmsk', 'vsms', 'vmgm'];
const FILLS: readonly string[] = ['SoCo', 'GdFl', 'PtFl', 'vscg'];
/** Mask flag: the mask was rendered from something else, such as a vector mask. */
const IS_RENDERED = 0x08;
const HAS_PARAMETERS = 0x10;
const USER_MASK = -2;
const REAL_USER_MASK = -3;

/** A copy of what draws a layer: blend mode, opacity, clipping, masks, effects. @param flags those of the copy */
export function copiedLook(bytes: Uint8Array, record: LayerRecord, flags: number): CopiedLook {
  const part = ({ start, end }: Range) => bytes.subarray(start, end);
  const stored = ({ id, data }: ChannelPlace): NewChannel => ({ id, stored: part(data) });
  const isShape = blockOf(record, ...FILLS) !== null && blockOf(record, ...VECTOR_MASKS) !== null;
  const own = isShape ? maskOfShape(bytes, record) : null;
  const channels = record.channels.filter(({ id }) => id === USER_MASK || id === REAL_USER_MASK);
  const isCopied = (key: string) => LOOKS.has(key) && !(isShape && VECTOR_MASKS.includes(key));
  return {
    look: {
      blend: record.blend,
      opacity: record.opacity,
      isClipped: record.isClipped,
      flags,
      mask: own?.mask ?? part(record.mask),
      blendingRanges: part(record.blendingRanges),
      blocks: record.blocks.filter(({ key }) => isCopied(key)).map(({ block }) => part(block)),
    },
    masks: own?.masks ?? channels.map(stored),
  };
}

/**
 * The masks of a shape without its outline, which the transparency of its stored pixels has already: applied twice, its
 * edges would be thinner. Null when it has a mask that is not its outline alone.
 */
function maskOfShape(
  bytes: Uint8Array,
  { mask, channels }: LayerRecord,
): { readonly mask: Uint8Array; readonly masks: NewChannel[] } | null {
  if (mask.end === mask.start) return { mask: Buffer.alloc(0), masks: [] };
  const cursor = new Cursor(bytes, mask.start, mask.end);
  cursor.skip(17);
  const flags = cursor.u8();
  if (!(flags & IS_RENDERED)) return null;
  const real = channels.find(({ id }) => id === REAL_USER_MASK);
  if (real === undefined) return { mask: Buffer.alloc(0), masks: [] };
  if (flags & HAS_PARAMETERS || cursor.left < 18) return null;
  // The user's own mask: flags, the shade outside, the rectangle (“real” in the specification).
  const [realFlags, outside] = [cursor.u8(), cursor.u8()];
  const rectangle = cursor.range(16);
  const stored = bytes.subarray(real.data.start, real.data.end);
  return {
    mask: Buffer.concat([
      bytes.subarray(rectangle.start, rectangle.end),
      Buffer.from([outside, realFlags, 0, 0]),
    ]),
    masks: [{ id: USER_MASK, stored }],
  };
}
