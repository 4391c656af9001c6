import { openTorchZip } from '@emoeditor/companion-server/importer/checkpoint/torchZip.ts';
import { describe, expect, it } from 'vitest';
import { four, writeSmallArchive } from '../../../fakes/checkpoints/smallArchive.ts';
import { dict, pickle, text } from '../../../fakes/checkpoints/torchPickle.ts';
import { writeTorchZip } from '../../../fakes/checkpoints/writeTorchZip.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder();

let files = 0;
const newFile = () => folder(`${++files}.pt`);
const archive = (root: Buffer, options?: { byteorder?: string; name?: string }) =>
  writeSmallArchive(newFile(), root, options);

describe('openTorchZip', () => {
  it('reads a big-endian archive', async () => {
    const path = await archive(pickle(dict(['w', four({ shape: [4] })])), { byteorder: 'big' });
    const file = await openTorchZip(path);
    const swapped = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer).swap32();
    const bytes = Uint8Array.from(swapped);
    expect(await file.read('w')).toEqual(new Float32Array(bytes.buffer));
    await file.close();
  });

  it('reads halves of a container through zip64 headers', async () => {
    const path = newFile();
    const values = () => Uint16Array.of(0x3c00, 0xc500);
    const tensors = [
      { name: 'a', shape: [2], values },
      { name: 'b', shape: [1, 2], values },
    ];
    await writeTorchZip(path, tensors, { half: true, container: 'state_dict' });
    const file = await openTorchZip(path);
    expect([...file.shapes]).toEqual([
      ['a', [2]],
      ['b', [1, 2]],
    ]);
    expect(file.typeOf('b')).toBe('F16');
    expect(await file.read('b')).toEqual(Float32Array.of(1, -5));
    await expect(async () => file.read('c')).rejects.toThrow(RangeError);
    await file.close();
  });

  it.each([
    ['takes a wrapper’s prefix off', dict(['module.w', four()], ['module.b', four()]), ['w', 'b']],
    [
      'leaves a prefix that not every name has',
      dict(['module.w', four()], ['b', four()]),
      ['module.w', 'b'],
    ],
    [
      'prefers the state dict to what lies beside it',
      dict(['ema', dict(['x', four()])], ['state_dict', dict(['w', four()])]),
      ['w'],
    ],
    [
      'looks into containers of containers',
      dict(['model', dict(['state_dict', dict(['w', four()])])]),
      ['w'],
    ],
    [
      'skips a container without tensors',
      dict(['model', dict(['name', text('a')])], ['net', dict(['w', four()])]),
      ['w'],
    ],
    [
      'joins the names of parts',
      dict(['unet', dict(['w', four()])], ['vae', dict(['w', four()])]),
      ['unet.w', 'vae.w'],
    ],
    [
      'leaves a best loss beside the container aside',
      dict(['best', four()], ['model', dict(['w', four()])]),
      ['w'],
    ],
  ])('%s', async (_, root, names) => {
    const file = await openTorchZip(await archive(pickle(root)));
    expect([...file.shapes.keys()]).toEqual(names);
    await file.close();
  });

  it('enters a dict that holds itself once', async () => {
    const loop = Buffer.concat([
      Buffer.from('}q\x00('),
      text('w'),
      four(),
      text('self'),
      Buffer.from('h\x00u'),
    ]);
    const file = await openTorchZip(await archive(pickle(loop)));
    expect([...file.shapes.keys()]).toEqual(['w']);
    await file.close();
  });
});
