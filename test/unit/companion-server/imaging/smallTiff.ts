interface SmallTiff {
  readonly bits?: 8 | 12 | 16 | 32;
  /** 1 unsigned, 2 signed. */
  readonly sampleFormat?: number;
  /** Kinds of the channels beyond RGB: 0 unspecified, 2 transparency. */
  readonly extraSamples?: readonly number[];
  /** Subfile type of each page: 1 for a thumbnail, which is made half as large. */
  readonly pages?: readonly number[];
  readonly isDng?: boolean;
  /** Fields in place of those that it has, by their tags; null for none of it. */
  readonly fields?: Readonly<Record<number, number | null>>;
}

/** A TIFF of 20 × 16 pixels; sample k of pixel i is 8 i + k, modulo what fits. */
export function smallTiff({
  bits = 8,
  sampleFormat = 1,
  extraSamples = [],
  pages = [0],
  isDng = false,
  fields: others = {},
}: SmallTiff = {}): Buffer {
  const channels = 3 + extraSamples.length;
  const parts: Buffer[] = [Buffer.from('II*\0\x08\0\0\0', 'latin1')];
  let at = 8;
  for (const [index, subfile] of pages.entries()) {
    const [width, height] = subfile === 1 ? [10, 8] : [20, 16];
    const pixels = Buffer.alloc((width * height * channels * bits) / 8);
    for (let i = 0; i < width * height * channels; i++) {
      const value = (8 * Math.floor(i / channels) + (i % channels)) % 256;
      if (bits === 8) pixels[i] = value;
      else if (bits === 16) pixels.writeUInt16LE(value, i * 2);
      else if (bits === 32) pixels.writeUInt32LE(value, i * 4);
    }
    const shorts = (...values: number[]) => {
      const data = Buffer.alloc(values.length * 2);
      for (const [i, value] of values.entries()) data.writeUInt16LE(value, i * 2);
      return data;
    };
    const all = (value: number) => shorts(...Array<number>(channels).fill(value));
    const usual: Array<[tag: number, type: number, count: number, value: number | Buffer]> = [
      [254, 4, 1, subfile],
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, channels, all(bits)],
      [259, 3, 1, 1],
      [262, 3, 1, 2],
      [273, 4, 1, pixels],
      [277, 3, 1, channels],
      [278, 4, 1, height],
      [279, 4, 1, pixels.length],
    ];
    if (extraSamples.length > 0) {
      usual.push([338, 3, extraSamples.length, shorts(...extraSamples)]);
    }
    usual.push([339, 3, channels, all(sampleFormat)]);
    if (isDng) usual.push([50706, 1, 4, 1]);
    const fields = usual.filter(([tag]) => !(tag in others));
    for (const [tag, value] of Object.entries(others)) {
      if (value !== null) fields.push([Number(tag), 3, 1, value]);
    }
    fields.sort(([a], [b]) => a - b);
    const directory = Buffer.alloc(2 + fields.length * 12 + 4);
    directory.writeUInt16LE(fields.length);
    const data: Buffer[] = [];
    let end = at + directory.length;
    for (const [i, [tag, type, count, value]] of fields.entries()) {
      const to = 2 + i * 12;
      directory.writeUInt16LE(tag, to);
      directory.writeUInt16LE(type, to + 2);
      directory.writeUInt32LE(count, to + 4);
      if (typeof value === 'number') directory.writeUInt32LE(value, to + 8);
      else if (value.length <= 4) value.copy(directory, to + 8);
      else {
        directory.writeUInt32LE(end, to + 8);
        data.push(value);
        end += value.length;
      }
    }
    if (index < pages.length - 1) directory.writeUInt32LE(end, directory.length - 4);
    parts.push(directory, ...data);
    at = end;
  }
  return Buffer.concat(parts);
}
