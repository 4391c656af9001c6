import { open, writeFile } from 'node:fs/promises';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import { createWeightReader } from '@emoeditor/companion-server/importer/weights/weightReader.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const folder = temporaryFolder();

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

async function fileOf(header: unknown, data: Uint8Array, cut = 0): Promise<string> {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  const path = folder(`${Math.random().toString(36).slice(2)}.safetensors`);
  await writeFile(path, bytes.subarray(0, bytes.length - cut));
  return path;
}

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const whole: Record<string, Entry> = { w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] } };

describe('a file that only ends in .safetensors', () => {
  it.each<[string, string | Buffer, RegExp]>([
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\n',
      /Git LFS.*safetensors file/,
    ],
    ['a web page', '<!DOCTYPE html>', /web page/],
    ['a model of llama.cpp', 'GGUF\x03\0\0\0........', /GGUF/],
    ['a zip archive', 'PK\x03\x04............', /zip archive, as torch\.save/],
    ['a diary', 'Dear diary, today', /no safetensors file/],
  ])('%s is called that', async (_, contents, message) => {
    const path = folder('given.safetensors');
    await writeFile(path, contents);
    await expect(openSafetensors(path)).rejects.toMatchObject({
      name: 'ImportError',
      message: expect.stringMatching(message),
    });
  });
});

describe('openSafetensors', () => {
  it('reads F32, F16 and BF16 as float32', async () => {
    const data = new Uint8Array(16);
    data.set(f32(1.5, -2), 0);
    data.set(new Uint8Array(Uint16Array.of(0x3c00, 0xc500).buffer), 8);
    data.set(new Uint8Array(Uint16Array.of(0x3fc0, 0xc000).buffer), 12);
    const file = await openSafetensors(
      await fileOf(
        {
          __metadata__: { format: 'pt' },
          single: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
          half: { dtype: 'F16', shape: [2], data_offsets: [8, 12] },
          brain: { dtype: 'BF16', shape: [2], data_offsets: [12, 16] },
        },
        data,
      ),
    );
    expect([...file.shapes.keys()]).toEqual(['single', 'half', 'brain']);
    expect([...(await file.read('single'))]).toEqual([1.5, -2]);
    expect([...(await file.read('half'))]).toEqual([1, -5]);
    expect([...(await file.read('brain'))]).toEqual([1.5, -2]);
    await file.close();
  });

  it('refuses a file that ends too early, with both sizes', async () => {
    await expect(openSafetensors(await fileOf(whole, f32(1, 2), 3))).rejects.toMatchObject({
      code: 'TRUNCATED',
      message: expect.stringMatching(/expected at least \d+ bytes but it has \d+/),
    });
  });

  it.each([
    ['no JSON', '{"w": '],
    ['an entry without offsets', '{"w": {"dtype": "F32", "shape": [2]}}'],
    ['a list', '[]x'],
  ])('refuses a header that is %s', async (_, header) => {
    await expect(openSafetensors(await fileOf(header, f32(1, 2)))).rejects.toMatchObject({
      code: 'NOT_A_CHECKPOINT',
    });
  });

  it('refuses a tensor whose bytes do not fill its shape', async () => {
    const header = { w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } };
    await expect(openSafetensors(await fileOf(header, f32(1, 2)))).rejects.toMatchObject({
      code: 'NOT_A_CHECKPOINT',
      message: expect.stringContaining('12 bytes'),
    });
  });

  it.each([
    ['overlap', [0, 8], [4, 12], 12],
    ['leave a gap', [0, 8], [12, 20], 20],
    ['run backwards', [8, 0], [8, 16], 16],
    ['leave bytes at the end', [0, 8], [8, 16], 20],
  ])('refuses tensors that %s', async (_, first, second, bytes) => {
    const header = {
      a: { dtype: 'F32', shape: [2], data_offsets: first },
      b: { dtype: 'F32', shape: [2], data_offsets: second },
    };
    await expect(
      openSafetensors(await fileOf(header, new Uint8Array(bytes))),
    ).rejects.toMatchObject({ code: 'NOT_A_CHECKPOINT' });
  });

  it('refuses to read a tensor of more than 2^31 elements, whose file is as long as it says', async () => {
    const count = 2 ** 31 + 1;
    const header = { w: { dtype: 'U8', shape: [count], data_offsets: [0, count] } };
    const path = await fileOf(header, new Uint8Array());
    // A hole: it takes no room on most disks.
    const handle = await open(path, 'r+');
    await handle.truncate((await handle.stat()).size + count);
    await handle.close();
    const file = await openSafetensors(path);
    await expect(file.read('w')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('2,147,483,648'),
    });
    await file.close();
  });

  it('refuses other files and missing ones', async () => {
    const path = folder('photo.jpg');
    await writeFile(path, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6));
    await expect(openSafetensors(path)).rejects.toMatchObject({ code: 'NOT_A_CHECKPOINT' });
    await expect(openSafetensors(folder('none'))).rejects.toMatchObject({
      code: 'MISSING_FILE',
    });
  });
});

describe('createWeightReader', () => {
  it.each(['I32', 'U8', 'F8_E4M3'])(
    'refuses weights of type %s before they are read',
    async (dtype) => {
      const header = { w: { dtype, shape: [8], data_offsets: [0, dtype === 'I32' ? 32 : 8] } };
      const file = await openSafetensors(
        await fileOf(header, new Uint8Array(dtype === 'I32' ? 32 : 8)),
      );
      expect(() => createWeightReader(file).take('w', [8])).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(dtype) }),
      );
      await file.close();
    },
  );

  it('finds tensors by name and shape and lists those not taken', async () => {
    const header = { ...whole, rest: { dtype: 'F32', shape: [1], data_offsets: [8, 12] } };
    const file = await openSafetensors(await fileOf(header, f32(1, 2, 3)));
    const weights = createWeightReader(file);
    expect([...(await weights.take('w', [1, 2]).read())]).toEqual([1, 2]);
    expect(weights.unused()).toEqual(['rest']);
    await file.close();
  });

  it('names a missing tensor, and both shapes of a misshapen one', async () => {
    const file = await openSafetensors(await fileOf(whole, f32(1, 2)));
    const weights = createWeightReader(file);
    expect(() => weights.take('b', [4])).toThrow(/b \[4\].*not there/);
    expect(() => weights.take('w', [2, 1])).toThrow(/w to be \[2, 1\] but it is \[1, 2\]/);
    await file.close();
  });
});
