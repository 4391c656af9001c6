import { writeFile } from 'node:fs/promises';
import { float32ToFloat16 } from '@emoeditor/companion-server/tensor/float16.ts';

/** Writes tensors as a `.safetensors` file, in float32 or in half precision. */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>
  >,
  half = false,
): Promise<void> {
  const stored = Object.entries(tensors).map(([name, { shape, values }]) => ({
    name,
    shape,
    values: half ? float32ToFloat16(values) : values,
  }));
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const { name, shape, values } of stored) {
    header[name] = {
      dtype: half ? 'F16' : 'F32',
      shape,
      data_offsets: [end, end + values.byteLength],
    };
    end += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = stored.map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  await writeFile(path, Buffer.concat([length, json, ...data]));
}
