import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { four, writeSmallArchive } from '../fakes/checkpoints/smallArchive.ts';
import { dict, pickle } from '../fakes/checkpoints/torchPickle.ts';
import { writeSafetensors } from '../fakes/checkpoints/writeSafetensors.ts';
import { ramp } from '../unit/companion-server/imaging/pictures.ts';
import {
  edited,
  halfMask,
  pixelLayer,
  psdFile,
  softLayer,
} from '../unit/companion-server/imaging/psd/documents.ts';
import { smallTiff } from '../unit/companion-server/imaging/smallTiff.ts';
import { SEPARATOR } from './readers/bundle.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const STARTER = join(import.meta.dirname, '../../models/starter');

export const READERS = ['checkpoint', 'psd', 'tiff', 'bundle'] as const;
export type Reader = (typeof READERS)[number];

/** Small valid inputs of each reader, from which the fuzzer starts. */
export const SEEDS: Readonly<Record<Reader, () => Promise<Uint8Array[]>>> = {
  checkpoint,
  psd,
  tiff,
  bundle,
};

const withFirst = (first: number, bytes: Uint8Array) =>
  Buffer.concat([Buffer.from([first]), bytes]);

async function checkpoint(): Promise<Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'emoeditor-seeds-'));
  try {
    const safetensors = join(folder, 'a.safetensors');
    const tensor = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const scalar = { shape: [], values: Float32Array.of(7) };
    await writeSafetensors(safetensors, { weight: tensor, bias: scalar });
    const archives = [
      pickle(dict(['weight', four()])),
      pickle(
        dict(['weight', four({ strides: [1, 2] })], ['other', four({ offset: 1, shape: [3] })]),
      ),
    ].map((root, i) => writeSmallArchive(join(folder, `${i}.pt`), root));
    const files = [...(await Promise.all(archives)), ...(await goldenCheckpoints())];
    return [
      withFirst(0, await readFile(safetensors)),
      ...(await Promise.all(files.map(async (file) => withFirst(1, await readFile(file))))),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function goldenCheckpoints(): Promise<string[]> {
  const folder = join(GOLDEN, 'checkpoints');
  return (await readdir(folder))
    .filter((name) => !name.endsWith('.json'))
    .map((name) => join(folder, name));
}

async function psd(): Promise<Uint8Array[]> {
  const layered = psdFile([
    pixelLayer('Below', 3),
    { name: 'Group', children: [softLayer('Photo', 90, { mask: halfMask() })] },
  ]);
  const plain = psdFile([pixelLayer('Photo', 3)]);
  const large = psdFile([pixelLayer('Photo', 3, { blendMode: 'multiply', opacity: 0.5 })], {
    psb: true,
  });
  const flat = psdFile([]);
  const saved = (await edited(plain)).bytes;
  return [layered, plain, large, flat, saved].flatMap((bytes) =>
    [0, 1, 2, 128].map((how) => withFirst(how, bytes)),
  );
}

async function tiff(): Promise<Uint8Array[]> {
  const photo = await sharp({ create: { width: 24, height: 18, channels: 3, background: '#963' } })
    .withIccProfile('p3')
    .withExif({ IFD0: { Artist: 'a' } })
    .tiff({ compression: 'lzw' })
    .toBuffer();
  const compressed = (['deflate', 'jpeg', 'packbits'] as const).map((compression) =>
    ramp().tiff({ compression }).toBuffer(),
  );
  return [
    smallTiff(),
    smallTiff({ bits: 16 }),
    smallTiff({ extraSamples: [2, 0] }),
    smallTiff({ pages: [0, 1] }),
    photo,
    await ramp().tiff({ tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    ...(await Promise.all(compressed)),
  ];
}

async function bundle(): Promise<Uint8Array[]> {
  const read = (name: string) => readFile(join(STARTER, name));
  const list = JSON.parse(await readFile(join(STARTER, 'bundle.json'), 'utf8'));
  const bank = JSON.parse(await readFile(join(STARTER, 'instructions.json'), 'utf8'));
  const small = JSON.stringify({ ...list, files: [], provenance: {} });
  const few = JSON.stringify({ ...bank, instructions: bank.instructions.slice(0, 3) });
  const join2 = (...parts: readonly (Uint8Array | string)[]) =>
    Buffer.concat(
      parts.flatMap((part, i) => (i === 0 ? [] : [SEPARATOR]).concat(Buffer.from(part))),
    );
  const embeddings = smallEmbeddings(['a', 'b'], 4);
  return [
    join2(small, few, await read('leads.json'), embeddings),
    join2(JSON.stringify({ ...list, provenance: {} }), '', '', embeddings),
    join2('', few),
    join2('', JSON.stringify(Object.fromEntries(['awe'].map((emotion) => [emotion, ['a']])))),
  ];
}

/** The text embeddings of a bank as `instructions.safetensors` has them: int8 rows with a scale each. */
function smallEmbeddings(ids: readonly string[], width: number): Buffer {
  const rows = ids.length;
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: '1', ids: JSON.stringify(ids) },
      embeddings: { dtype: 'I8', shape: [rows, width], data_offsets: [0, rows * width] },
      scales: {
        dtype: 'F32',
        shape: [rows],
        data_offsets: [rows * width, rows * width + 4 * rows],
      },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(rows * width, 3), Buffer.alloc(4 * rows)]);
}
