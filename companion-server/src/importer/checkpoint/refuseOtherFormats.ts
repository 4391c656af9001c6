import { basename } from 'node:path';
import { ImportError, type ImportErrorCode } from '../importError.ts';
import type { ByteFile } from './byteFile.ts';

const SAVE_AGAIN =
  'Save it again with a current PyTorch: torch.save(torch.load(path, weights_only=True), "model.pt").';

type Wanted = 'torch' | 'safetensors';

const WANTED: Readonly<Record<Wanted, string>> = {
  torch: 'a zip archive as torch.save writes it',
  safetensors: 'a safetensors file',
};

interface Format {
  readonly name: string;
  /** Bytes that such a file has at `at`. */
  readonly magic: readonly number[] | string;
  readonly at?: number;
  readonly hint: string;
  /** What is refused elsewhere but read there: damaged, if it gets here. */
  readonly isWantedAs?: Wanted;
}

const FORMATS: readonly Format[] = [
  {
    name: 'a checkpoint of PyTorch before 1.6',
    // Protocol 2 and the number 0x1950a86a20f9469cfc6c.
    magic: [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
    hint: SAVE_AGAIN,
  },
  {
    name: 'a checkpoint of PyTorch 0.1 (a tar archive)',
    magic: 'ustar',
    at: 257,
    hint: SAVE_AGAIN,
  },
  {
    name: 'a model for llama.cpp or stable-diffusion.cpp (GGUF)',
    magic: 'GGUF',
    hint: 'Give the file that it was made from.',
  },
  {
    name: 'a file of Keras (HDF5)',
    magic: '\x89HDF',
    hint: 'Only weights of PyTorch can be imported.',
  },
  { name: 'packed with gzip', magic: [0x1f, 0x8b], hint: 'Unpack it first.' },
  { name: 'packed with 7-Zip', magic: '7z\xbc\xaf\x27\x1c', hint: 'Unpack it first.' },
  { name: 'a pickle outside an archive', magic: [0x80], hint: SAVE_AGAIN },
  {
    name: 'a pointer of Git LFS, not the file itself',
    magic: 'version https://git-lfs',
    hint: 'Fetch the file with “git lfs pull”, or download it from its page.',
  },
  {
    name: 'a safetensors file under another ending',
    magic: '{"',
    at: 8,
    hint: 'Rename it so that it ends in .safetensors.',
    isWantedAs: 'safetensors',
  },
  {
    name: 'a zip archive, as torch.save writes it, under another ending',
    magic: 'PK\x03\x04',
    hint: 'Rename it so that it ends in .ckpt, or unpack it first if it is none.',
    isWantedAs: 'torch',
  },
  {
    name: 'a web page',
    magic: '<',
    hint: 'The download needs a login or has failed: open it in a browser.',
  },
];

/**
 * Identifies a file that is not of the wanted format.
 * @throws ImportError UNSUPPORTED naming the format, or NOT_A_CHECKPOINT when it is unknown
 */
export async function refuseOtherFormats(file: ByteFile, wanted: Wanted = 'torch'): Promise<never> {
  const start = await file.at(0, Math.min(file.size, 512));
  const others = FORMATS.filter(({ isWantedAs }) => isWantedAs !== wanted);
  const found = others.find(({ magic, at = 0 }) => {
    const bytes = typeof magic === 'string' ? Buffer.from(magic, 'latin1') : Buffer.from(magic);
    return bytes.equals(start.subarray(at, at + bytes.length));
  });
  const [code, what]: [ImportErrorCode, string] =
    found === undefined
      ? [
          'NOT_A_CHECKPOINT',
          wanted === 'torch' ? 'no checkpoint of PyTorch' : 'no safetensors file',
        ]
      : ['UNSUPPORTED', found.name];
  throw new ImportError(
    code,
    `${basename(file.path)} is ${what}, expected ${WANTED[wanted]}.`,
    found?.hint ?? 'Give a .pt, .ckpt, .bin or .safetensors file, or a diffusers folder.',
  );
}
