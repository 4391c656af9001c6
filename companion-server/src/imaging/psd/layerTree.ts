import { Cursor } from './cursor.ts';
import type { LayerBlock, LayerRecord } from './layerSection.ts';
import type { PsdFile } from './psdFile.ts';

/** A layer or group as the Layers panel shows it. */
export interface LayerNode {
  readonly record: LayerRecord;
  /** Place of the record in the list, from the bottom; of a group, that of its head, which lies above its layers. */
  readonly index: number;
  readonly name: string;
  readonly kind: LayerKind;
  readonly isHidden: boolean;
  readonly parent: LayerNode | null;
  /** From the bottom up; empty for a layer. */
  readonly children: LayerNode[];
}

export type LayerKind =
  | 'pixel'
  | 'group'
  | 'smartObject'
  | 'text'
  /** A shape, or a solid colour, gradient or pattern. */
  | 'fill'
  | 'adjustment';

const HIDDEN = 0x02;
/** Kinds of a section divider, `lsct`. */
const BOUNDARY = 3;

const SMART_OBJECTS = ['SoLd', 'SoLE', 'PlLd', 'plLd'];
const TEXTS = ['TySh', 'tySh'];
const FILLS = ['SoCo', 'GdFl', 'PtFl', 'vscg'];
const ADJUSTMENTS =
  'brit levl curv expA vibA hue hue2 blnc blwh phfl mixr clrL nvrt post thrs grdm selc CgEd'.split(
    ' ',
  );

/** The layers of a document, from the bottom up, groups with theirs inside. */
export function layerTree({ bytes, layers }: PsdFile): LayerNode[] {
  const records = layers.list?.records ?? [];
  let at = records.length - 1;
  // From the top down: a group's head comes first and its boundary, below its layers, ends it.
  const readUntilBoundary = (parent: LayerNode | null): LayerNode[] => {
    const nodes: LayerNode[] = [];
    while (at >= 0) {
      const index = at--;
      const record = records[index] as LayerRecord;
      const divider = dividerOf(bytes, record);
      if (divider === BOUNDARY) {
        if (parent !== null) break;
        continue;
      }
      const isGroup = divider === 1 || divider === 2;
      const children: LayerNode[] = [];
      const node: LayerNode = {
        record,
        index,
        name: nameOf(bytes, record),
        kind: isGroup ? 'group' : kindOf(record),
        isHidden: (record.flags & HIDDEN) !== 0,
        parent,
        children,
      };
      if (isGroup) children.push(...readUntilBoundary(node));
      nodes.push(node);
    }
    return nodes.reverse();
  };
  return readUntilBoundary(null);
}

/** Every layer and group, from the top down. */
export function* fromTheTop(nodes: readonly LayerNode[]): Generator<LayerNode> {
  for (const node of [...nodes].reverse()) {
    yield node;
    yield* fromTheTop(node.children);
  }
}

export function blockOf({ blocks }: LayerRecord, ...keys: readonly string[]): LayerBlock | null {
  return blocks.find(({ key }) => keys.includes(key)) ?? null;
}

/** Number of the block's first four bytes, or null without such a block. */
export function numberOf(bytes: Uint8Array, record: LayerRecord, key: string): number | null {
  const data = blockOf(record, key)?.data;
  return data === undefined || data.end - data.start < 4
    ? null
    : new Cursor(bytes, data.start, data.end).u32();
}

function dividerOf(bytes: Uint8Array, record: LayerRecord): number {
  return numberOf(bytes, record, 'lsct') ?? numberOf(bytes, record, 'lsdk') ?? 0;
}

function kindOf(record: LayerRecord): LayerKind {
  if (blockOf(record, ...SMART_OBJECTS)) return 'smartObject';
  if (blockOf(record, ...TEXTS)) return 'text';
  if (blockOf(record, ...FILLS)) return 'fill';
  return blockOf(record, ...ADJUSTMENTS) ? 'adjustment' : 'pixel';
}

/** The name in Unicode where the file has it. */
function nameOf(bytes: Uint8Array, record: LayerRecord): string {
  const data = blockOf(record, 'luni')?.data;
  if (data === undefined || data.end - data.start < 4) return record.shortName;
  const cursor = new Cursor(bytes, data.start, data.end);
  const length = Math.min(cursor.u32() * 2, cursor.left & ~1);
  const { start, end } = cursor.range(length);
  const letters = Buffer.from(bytes.subarray(start, end)).swap16().toString('utf16le');
  return letters.replace(/\0+$/, '');
}

/** True when the file holds the layer's pixels in red, green and blue. */
export function hasPixels({ record }: LayerNode): boolean {
  const { top, left, bottom, right, channels } = record;
  const stored = (id: number) =>
    channels.some((channel) => channel.id === id && channel.data.end - channel.data.start > 2);
  return right > left && bottom > top && [0, 1, 2].every(stored);
}
