import { openTorchZip } from '@emoeditor/companion-server/importer/checkpoint/torchZip.ts';
import { describe, expect, it } from 'vitest';
import { four, writeSmallArchive } from '../../../fakes/checkpoints/smallArchive.ts';
import { dict, global, pickle, text, tuple } from '../../../fakes/checkpoints/torchPickle.ts';
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
  ])('%s', async (_, root, names) => {
    const file = await openTorchZip(await archive(pickle(root)));
    expect([...file.shapes.keys()]).toEqual(names);
    expect(file.aside).toEqual([]);
    await file.close();
  });

  const list = (...items: Buffer[]) =>
    Buffer.concat([Buffer.from(']('), ...items, Buffer.from('e')]);
  /** An optimiser numbers its parameters. */
  const numbered = Buffer.concat([
    Buffer.from('}K\x07'),
    dict(['exp_avg', four()]),
    Buffer.from('s'),
  ]);
  const made = (module: string, name: string, ...given: readonly (Buffer | string)[]) =>
    Buffer.concat([
      global(module, name),
      Buffer.from([0x29, 0x81]),
      ...given.map((piece) => Buffer.from(piece)),
    ]);
  const entry = Buffer.concat([text('mean'), four()]);
  it.each([
    [
      'averages beside the container',
      dict(['ema', dict(['x', four()])], ['state_dict', dict(['w', four()])]),
      ['all of ema'],
    ],
    [
      'a best loss beside it',
      dict(['best', four()], ['epoch', 'K\x03'], ['model', dict(['w', four()])]),
      ['best'],
    ],
    [
      'beside a container in a container',
      dict(['model', dict(['state_dict', dict(['w', four()])], ['old', dict(['w', four()])])]),
      ['all of model.old'],
    ],
    [
      'the state of optimisers',
      dict(
        ['state_dict', dict(['w', four()])],
        ['optimizer_states', list(dict(['state', numbered]))],
      ),
      ['all of optimizer_states'],
    ],
    [
      'what has no name among the weights',
      dict(['w', four()], ['history', list(four(), four())], ['state', numbered]),
      ['all of history', 'all of state.7'],
    ],
    [
      'in the attributes of settings',
      dict(
        ['state_dict', dict(['w', four()])],
        ['hyper_parameters', made('argparse', 'Namespace', dict(['mean', four()]), 'b')],
      ),
      ['all of hyper_parameters'],
    ],
    [
      'in their entries, and in what they are made from',
      dict(
        ['w', four()],
        ['a', made('pytorch_lightning.utilities.parsing', 'AttributeDict', '(', entry, 'u')],
        ['b', Buffer.concat([global('builtins', 'set'), tuple(list(four())), Buffer.from('R')])],
      ),
      ['all of a', 'all of b'],
    ],
    [
      'as an attribute of a parameter, which no name leads to',
      dict([
        'w',
        Buffer.concat([
          global('torch._utils', '_rebuild_parameter_with_state'),
          tuple(four(), Buffer.from([0x88]), 'N', dict(['main_grad', four()])),
          Buffer.from('R'),
        ]),
      ]),
      ['tensors without a name: 1'],
    ],
    [
      'as an attribute of a dict, and as a key',
      Buffer.concat([
        dict(
          ['w', four()],
          ['state', Buffer.concat([Buffer.from('}'), four(), four(), Buffer.from('s')])],
        ),
        dict(['_extra', four()]),
        Buffer.from('b'),
      ]),
      ['state.…', 'tensors without a name: 2'],
    ],
  ])('lists what it leaves aside: %s', async (_, root, aside) => {
    const file = await openTorchZip(await archive(pickle(root)));
    expect([...file.shapes.keys()]).toEqual(['w']);
    expect(file.aside).toEqual(aside);
    await file.close();
  });

  it('visits a dict that contains itself only once', async () => {
    const loop = Buffer.concat([
      Buffer.from('}q\x00('),
      text('w'),
      four(),
      text('self'),
      Buffer.from('h\x00u'),
    ]);
    const file = await openTorchZip(await archive(pickle(loop)));
    expect([...file.shapes.keys()]).toEqual(['w']);
    expect(file.aside).toEqual([]);
    await file.close();
  });
});
