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
  /** What its files hold beside these tensors: names, `all of` what holds several, or how many have no name. */
  readonly aside?: readonly string[];
  /** What a tensor is called in its file, where this is a view by other names. */
  nameInFile?(name: string): string;
  /** What its numbers are stored as. @throws RangeError for a name that `shapes` has not */
  typeOf(name: string): string;
  /** Null for a tensor that does not lie in one piece. @throws RangeError for a name that `shapes` has not */
  placeOf(name: string): TensorPlace | null;
  /**
   * One tensor in row-major order as float32, whatever it is stored as.
   * @throws ImportError TRUNCATED, UNSUPPORTED (element type); RangeError for a name that `shapes` has not
   */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** What its tensors are called in their files, all of them or some. */
export const namesInFile = (
  { shapes, nameInFile = (name) => name }: Checkpoint,
  names: Iterable<string> = shapes.keys(),
): string[] => Array.from(names, (name) => nameInFile(name));
