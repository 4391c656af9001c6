/** The parts of an ICC profile that we use (ICC.1:2022). */
export interface IccTags {
  readonly view: DataView;
  /** Offset and size of a tag's data, or null when the profile lacks it. */
  find(signature: string): { readonly offset: number; readonly size: number } | null;
  text(at: number, length: number): string;
}

/** Null when the bytes are no ICC profile. */
export function iccTags(icc: Uint8Array): IccTags | null {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const text = (at: number, length: number) =>
    Buffer.from(icc.buffer, icc.byteOffset + at, length).toString('latin1');
  if (icc.length < 132 || text(36, 4) !== 'acsp') return null;
  const entries = new Map<string, { offset: number; size: number }>();
  const count = view.getUint32(128);
  for (let i = 0; i < count && 132 + (i + 1) * 12 <= icc.length; i++) {
    const at = 132 + i * 12;
    const offset = view.getUint32(at + 4);
    const size = view.getUint32(at + 8);
    if (size >= 12 && offset + size <= icc.length) entries.set(text(at, 4), { offset, size });
  }
  return { view, text, find: (signature) => entries.get(signature) ?? null };
}

/** Name of a profile: its description, version 2 (`desc`) or 4 (`mluc`). Null when it has none. */
export function profileName(icc: Uint8Array): string | null {
  const tags = iccTags(icc);
  const place = tags?.find('desc') ?? null;
  if (tags === null || place === null) return null;
  const { offset, size } = place;
  if (tags.text(offset, 4) !== 'mluc') {
    return trimmed(tags.text(offset + 12, Math.min(tags.view.getUint32(offset + 8), size - 12)));
  }
  if (size < 28 || tags.view.getUint32(offset + 8) < 1) return null;
  const length = tags.view.getUint32(offset + 20) & ~1;
  const start = tags.view.getUint32(offset + 24);
  if (start + length > size) return null;
  // The first localised record, UTF-16 big-endian.
  const bytes = Buffer.from(icc.subarray(offset + start, offset + start + length));
  return trimmed(bytes.swap16().toString('utf16le'));
}

const trimmed = (name: string) => name.split('\0', 1)[0]?.trim() || null;

/** What an RGB profile of three primaries and tone curves does. */
export interface MatrixProfile {
  /** Linear RGB → XYZ relative to D50, row-major 3×3. */
  readonly toXyz: readonly number[];
  /** Encoded [0, 1] → linear [0, 1] of the green channel. */
  decode(value: number): number;
}

/** Null for table-based profiles and for those that are not RGB. */
export function matrixProfile(icc: Uint8Array): MatrixProfile | null {
  const tags = iccTags(icc);
  if (tags === null || tags.text(16, 4) !== 'RGB ' || tags.find('A2B0') !== null) return null;
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((signature) => tags.find(signature));
  const curve = tags.find('gTRC');
  const decode = curve === null ? null : toneCurve(tags, curve.offset, curve.size);
  if (decode === null || columns.some((column) => column === null || column.size < 20)) return null;
  const toXyz = [0, 1, 2].flatMap((row) =>
    columns.map((column) => tags.view.getInt32((column?.offset ?? 0) + 8 + 4 * row) / 65536),
  );
  return { toXyz, decode };
}

/** §10.6 curveType and §10.18 parametricCurveType. */
function toneCurve(
  { view, text }: IccTags,
  offset: number,
  size: number,
): ((value: number) => number) | null {
  if (text(offset, 4) === 'para') return parametric(view, offset, size);
  if (text(offset, 4) !== 'curv') return null;
  const count = view.getUint32(offset + 8);
  if (size < 12 + 2 * count) return null;
  if (count === 0) return (value) => value;
  if (count === 1) {
    const exponent = view.getUint16(offset + 12) / 256;
    return (value) => value ** exponent;
  }
  const entry = (i: number) => view.getUint16(offset + 12 + 2 * i) / 65535;
  return (value) => {
    const position = value * (count - 1);
    const low = Math.min(count - 2, Math.floor(position));
    return entry(low) + (position - low) * (entry(low + 1) - entry(low));
  };
}

function parametric(view: DataView, offset: number, size: number) {
  const kind = view.getUint16(offset + 8);
  const parameters = [1, 3, 4, 5, 7][kind];
  if (parameters === undefined || size < 12 + 4 * parameters) return null;
  const p = (i: number) => (i < parameters ? view.getInt32(offset + 12 + 4 * i) / 65536 : 0);
  const exponent = p(0);
  const scale = kind === 0 ? 1 : p(1);
  const shift = p(2);
  const power = (value: number) => Math.max(0, scale * value + shift) ** exponent;
  if (kind === 0) return power;
  if (kind <= 2) {
    const level = kind === 2 ? p(3) : 0;
    return (value: number) => (value >= -shift / scale ? power(value) + level : level);
  }
  return (value: number) => (value >= p(4) ? power(value) + p(5) : p(3) * value + p(6));
}
