import { readFile, writeFile } from 'node:fs/promises';
import { openTorchZip } from '@emoeditor/companion-server/importer/checkpoint/torchZip.ts';
import { describe, expect, it } from 'vitest';
import { four, writeSmallArchive } from '../../../fakes/checkpoints/smallArchive.ts';
import {
  dict,
  global,
  integer,
  pickle,
  text,
  tuple,
} from '../../../fakes/checkpoints/torchPickle.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder();

let files = 0;
const newFile = () => folder(`${++files}.pt`);
const archive = (root: Buffer, options?: { byteorder?: string; name?: string }) =>
  writeSmallArchive(newFile(), root, options);

async function expectRefusal(path: string, code: string, reason: RegExp): Promise<void> {
  await expect(openTorchZip(path)).rejects.toMatchObject({
    name: 'ImportError',
    code,
    message: expect.stringMatching(reason),
    hint: expect.stringMatching(/\w/),
  });
}

describe('openTorchZip refuses a pickle', () => {
  const rebuild = global('torch._utils', '_rebuild_tensor_v2');
  it.each<readonly [string, Buffer, string, RegExp]>([
    [
      'that calls a function',
      dict(['w', Buffer.concat([global('posix', 'system'), tuple(text('id')), Buffer.from('R')])]),
      'UNSUPPORTED',
      /asks for posix\.system/,
    ],
    [
      'that names one without calling it',
      dict(['w', global('builtins', 'eval')]),
      'UNSUPPORTED',
      /asks for builtins\.eval/,
    ],
    [
      'that names one by its parts',
      dict(['w', Buffer.concat([text('os'), text('system'), Buffer.from([0x93])])]),
      'UNSUPPORTED',
      /asks for os\.system/,
    ],
    [
      'that names a property of every object',
      dict(['w', global('constructor', '')]),
      'UNSUPPORTED',
      /asks for constructor\./,
    ],
    [
      'that calls a storage class',
      dict(['w', Buffer.concat([global('torch', 'FloatStorage'), Buffer.from(')R')])]),
      'NOT_A_CHECKPOINT',
      /calls torch\.FloatStorage/,
    ],
    [
      'with an instruction for classes',
      Buffer.from('(ios\nsystem\n'),
      'NOT_A_CHECKPOINT',
      /instruction 0x69/,
    ],
    ['without a dict', four(), 'NOT_A_CHECKPOINT', /one tensor without a name/],
    [
      'without tensors',
      dict(['epoch', integer(3)]),
      'NOT_A_CHECKPOINT',
      /a dict with epoch and no tensors/,
    ],
    ['that takes from an empty stack', Buffer.from('0'), 'NOT_A_CHECKPOINT', /not there/],
    ['that takes across a mark', Buffer.from('N(0'), 'NOT_A_CHECKPOINT', /not there/],
    ['that recalls what it never put', Buffer.from('h\x07'), 'NOT_A_CHECKPOINT', /recalls/],
    [
      'with a longer string than the file',
      Buffer.from([0x58, 0xff, 0xff, 0xff, 0x7f]),
      'NOT_A_CHECKPOINT',
      /ends within 2147483647 bytes/,
    ],
    [
      'with a tensor beyond its storage',
      dict(['w', four({ offset: 1 })]),
      'NOT_A_CHECKPOINT',
      /\[2, 2\] at 1 .* storage of 4/,
    ],
    [
      'with strides beyond its storage',
      dict(['w', four({ strides: [3, 1] })]),
      'NOT_A_CHECKPOINT',
      /more than its storage/,
    ],
    [
      'with a tensor that repeats one number',
      dict(['w', four({ shape: [2 ** 31 - 1], strides: [0] })]),
      'NOT_A_CHECKPOINT',
      /more than its storage/,
    ],
    [
      'with a negative side',
      dict(['w', four({ shape: [-1, 4] })]),
      'NOT_A_CHECKPOINT',
      /something else/,
    ],
    [
      'with a storage longer than its record',
      dict(['w', four({ count: 5 })]),
      'NOT_A_CHECKPOINT',
      /16 bytes in archive\/data\/0, expected 20/,
    ],
    [
      'with a storage that is not there',
      dict(['w', four({ key: '1' })]),
      'NOT_A_CHECKPOINT',
      /no record data\/1/,
    ],
    [
      'with a record outside its folder',
      dict(['w', four({ key: '../byteorder' })]),
      'NOT_A_CHECKPOINT',
      /no record/,
    ],
    [
      'with a tensor of no storage',
      dict(['w', Buffer.concat([rebuild, tuple(integer(1)), Buffer.from('R')])]),
      'NOT_A_CHECKPOINT',
      /something else/,
    ],
    [
      'with a list for a shape',
      dict(['w', Buffer.concat([rebuild, tuple('N', integer(0), ']', ']'), Buffer.from('R')])]),
      'NOT_A_CHECKPOINT',
      /something else/,
    ],
  ])('%s', async (_, root, code, reason) => {
    await expectRefusal(await archive(pickle(root)), code, reason);
  });

  it('whose shared dicts would unfold to 10^30 entries, at once', async () => {
    const levels = Array.from({ length: 100 }, (_, level) =>
      Buffer.concat([
        Buffer.from('}('),
        ...['a', 'b'].flatMap((key) => [text(key), Buffer.from([0x68, level])]),
        Buffer.from([0x75, 0x71, level + 1]),
      ]),
    );
    const root = pickle(Buffer.concat([Buffer.from('}q\x00'), ...levels]));
    await expectRefusal(await archive(root), 'NOT_A_CHECKPOINT', /no tensors/);
  });

  it('that nests dicts ten thousand deep', async () => {
    const open = Buffer.concat([Buffer.from('}'), text('model')]);
    const root = pickle(
      Buffer.concat([...Array(10_000).fill(open), Buffer.from('}'), Buffer.alloc(10_000, 's')]),
    );
    await expectRefusal(await archive(root), 'NOT_A_CHECKPOINT', /no tensors/);
  });
});

describe('openTorchZip and the names of training code', () => {
  const instance = (module: string, name: string) =>
    Buffer.concat([global(module, name), tuple(), Buffer.from('R')]);

  it.each([
    ['pytorch_lightning.callbacks.early_stopping', 'EarlyStopping'],
    ['lightning.fabric.utilities.data', 'AttributeDict'],
    ['lightning_fabric.utilities.data', 'AttributeDict'],
    ['datetime', 'datetime'],
    ['types', 'SimpleNamespace'],
    ['pytorch_lightning.utilities.parsing', 'AttributeDict'],
    ['torch.serialization', '_get_layout'],
    ['torch', 'strided'],
    ['torch', 'int32'],
  ])('lets %s.%s be, and makes nothing of it', async (module, name) => {
    const root = dict(['state_dict', dict(['w', four()])], ['callback', instance(module, name)]);
    const file = await openTorchZip(await archive(pickle(root)));
    expect([...file.shapes.keys()]).toEqual(['w']);
    await file.close();
  });

  it.each([
    ['posix', 'system', /may be an attack/],
    ['builtins', 'eval', /may be an attack/],
    ['builtins', 'getattr', /may be an attack/],
    ['torch.nn.modules.linear', 'Linear', /saved as a whole module/],
    ['our_project.config', 'TrainingConfig', /holds more than weights/],
    ['ostrich', 'Bird', /holds more than weights/],
    ['lightning_rod', 'Strike', /holds more than weights/],
  ])('refuses %s.%s and says what that means', async (module, name, hint) => {
    const path = await archive(pickle(dict(['w', four()], ['x', instance(module, name)])));
    await expect(openTorchZip(path)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      hint: expect.stringMatching(hint),
    });
  });
});

describe('openTorchZip refuses an archive', () => {
  const root = pickle(dict(['w', four()]));

  it('that ends too early', async () => {
    const path = await archive(root);
    await writeFile(path, (await readFile(path)).subarray(0, -30));
    await expectRefusal(path, 'TRUNCATED', /ends too early/);
  });

  it('that lacks its beginning', async () => {
    const path = await archive(root);
    await writeFile(path, (await readFile(path)).subarray(8));
    await expectRefusal(path, 'NOT_A_CHECKPOINT', /no checkpoint of PyTorch/);
  });

  it('whose directory points to another place', async () => {
    const path = await archive(root);
    const bytes = await readFile(path);
    const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeBigUInt64LE(3n, central + 46 + 'archive/data.pkl'.length + 20);
    await writeFile(path, bytes);
    await expectRefusal(path, 'NOT_A_CHECKPOINT', /no entry archive\/data\.pkl at byte 3/);
  });

  it('whose pickle is compressed', async () => {
    const path = await archive(root);
    const bytes = await readFile(path);
    bytes.writeUInt16LE(8, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 10);
    await writeFile(path, bytes);
    await expectRefusal(path, 'UNSUPPORTED', /archive\/data\.pkl compressed/);
  });

  it('without a pickle', async () => {
    await expectRefusal(
      await archive(root, { name: 'archive/read.me' }),
      'NOT_A_CHECKPOINT',
      /0 data\.pkl/,
    );
  });

  it('in an unknown byte order', async () => {
    await expectRefusal(
      await archive(root, { byteorder: 'middle' }),
      'NOT_A_CHECKPOINT',
      /“middle”/,
    );
  });

  it.each([
    ['nothing', '', 'NOT_A_CHECKPOINT', /no checkpoint/],
    ['a web page', '<!DOCTYPE html>', 'UNSUPPORTED', /a web page/],
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1',
      'UNSUPPORTED',
      /Git LFS/,
    ],
    ['a GGUF', 'GGUF\x03', 'UNSUPPORTED', /GGUF/],
    ['a tar', `${' '.repeat(257)}ustar  `, 'UNSUPPORTED', /tar archive/],
  ])('that is %s', async (_, contents, code, reason) => {
    const path = newFile();
    await writeFile(path, contents);
    await expectRefusal(path, code, reason);
  });

  it('that is a folder, or not there', async () => {
    await expectRefusal(folder(), 'MISSING_FILE', /cannot be opened/);
    await expectRefusal(folder('none.pt'), 'MISSING_FILE', /cannot be opened/);
  });
});
