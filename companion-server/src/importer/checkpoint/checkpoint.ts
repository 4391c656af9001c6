/** Where the numbers of a tensor lie one after another, little-endian and in row-major order. */
export interface TensorPlace {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  readonly type: string;
}

/** The named tensors of a trained network, wherever they are stored. */
export interface Checkpoint {
  /** File or folder, for messages. */
  readonly path: string;
  /** Files that its tensors lie in. */
  readonly files: readonly string[];
  /** Shape per tensor name, in the file's order; known without reading the tensors. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Other tensors in its files: names, `all of` a group, or the number of unnamed ones. */
  readonly aside?: readonly string[];
  /** Name of a tensor in its file, where this is a view that renames tensors. */
  nameInFile?(name: string): string;
  /** Element type. @throws RangeError for a name that is not in `shapes` */
  typeOf(name: string): string;
  /** Null for a tensor that is not contiguous. @throws RangeError for a name that is not in `shapes` */
  placeOf(name: string): TensorPlace | null;
  /**
   * One tensor in row-major order as float32, whatever it is stored as.
   * @throws ImportError TRUNCATED, UNSUPPORTED (element type); RangeError for a name that is not in `shapes`
   */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Names of the tensors in their files, of all or of those given. */
export const namesInFile = (
  { shapes, nameInFile = (name) => name }: Checkpoint,
  names: Iterable<string> = shapes.keys(),
): string[] => Array.from(names, (name) => nameInFile(name));
