/** A pickle of protocol 2, piece by piece. */
export const pickle = (...pieces: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat([Buffer.from([0x80, 2]), ...pieces.map(asBytes), Buffer.from('.')]);

const asBytes = (piece: Buffer | string) =>
  typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;

export const global = (module: string, name: string): Buffer =>
  Buffer.from(`c${module}\n${name}\n`);

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
}

export function integer(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeUInt8(0x8a, 0);
  bytes.writeUInt8(8, 1);
  bytes.writeBigInt64LE(BigInt(value), 2);
  return bytes;
}

export const tuple = (...items: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(['(', ...items, 't'].map(asBytes));

export const dict = (...entries: readonly (readonly [string, Buffer | string])[]): Buffer =>
  Buffer.concat(['}(', ...entries.flatMap(([key, value]) => [text(key), value]), 'u'].map(asBytes));

export interface PickledTensor {
  readonly storage: string;
  readonly key: string;
  /** Elements of the storage. */
  readonly count: number;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** What torch.save writes for a tensor. */
export function tensorPickle({
  storage,
  key,
  count,
  shape,
  offset = 0,
  ...rest
}: PickledTensor): Buffer {
  const strides =
    rest.strides ?? shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(
      tuple(text('storage'), global('torch', storage), text(key), text('cpu'), integer(count)),
      'Q',
      integer(offset),
      tuple(...shape.map(integer)),
      tuple(...strides.map(integer)),
      Buffer.from([0x89]),
      Buffer.concat([global('collections', 'OrderedDict'), Buffer.from(')R')]),
    ),
    Buffer.from('R'),
  ]);
}
