import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { flatDocument } from '@emoeditor/companion-server/imaging/psd/flatDocument.ts';
import { readPsd } from 'ag-psd';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { lostPart } from '../../bench/documents/lostPart.mts';
import {
  edited,
  HEIGHT,
  halfMask,
  named,
  pixelLayer,
  psdFile,
  read,
  softLayer,
  target,
  WIDTH,
} from '../unit/companion-server/imaging/psd/documents.ts';

/** Results that programs other than ours must open, and the names of their layers from the bottom up. */
interface Written {
  readonly what: string;
  readonly before: Uint8Array;
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly names: readonly string[];
}

const { EMOEDITOR_PYTHON: PYTHON = 'python3' } = process.env;
const LOOK_OF = join(import.meta.dirname, '..', '..', 'bench', 'documents', 'look_of.py');
let folder = '';
const written: Written[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emoeditor-elsewhere-'));
  for (const psb of [false, true]) await writeAll(psb);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeAll(psb: boolean): Promise<void> {
  const stack = psdFile(
    [pixelLayer('Below', 10), softLayer('Photo', 90, { mask: halfMask(90), opacity: 0.6 })],
    { psb },
  );
  const wide = Uint16Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 29) & 65535);
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  const png = await sharp(wide, { raw }).toColourspace('rgb16').png().toBuffer();
  const light = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => i / WIDTH / HEIGHT);
  const floats = flatDocument(
    [light, light, light],
    { width: WIDTH, height: HEIGHT },
    new Map(),
    psb,
  );
  const ending = psb ? 'psb' : 'psd';
  for (const [as, isSmartObject] of [
    ['layer', false],
    ['smart object', true],
  ] as const) {
    const save = { ...target(`o.${ending}`), isSmartObject };
    const add = async (what: string, from: Uint8Array, below: string, more: string[] = []) => {
      const first = below === '' ? from : (await edited(from, { save })).bytes;
      const choice = named(below || 'Photo');
      const { bytes } = await edited(first, { choice, save });
      const path = join(folder, `${what.replaceAll(/\W+/g, '-')}-${isSmartObject}.${ending}`);
      await writeFile(path, bytes);
      const names = [...more, 'Awe · 100 %'];
      written.push({ what: `${what} as ${as} (${ending})`, before: first, bytes, path, names });
    };
    await add('a clipped stack of 8 bits', stack, '', ['Below', 'Photo']);
    await add('a 16-bit PNG, edited twice', png, 'Background', ['Background', 'Awe · 100 %']);
    await add('32 bits, edited twice', floats, 'Background', ['Background', 'Awe · 100 %']);
  }
}

it('ag-psd reads every result: its layers, and the files of its smart objects', () => {
  expect(written).toHaveLength(12);
  for (const { what, bytes, names } of written) {
    // A copy: ag-psd turns 16-bit samples around where they lie.
    const { children, linkedFiles = [] } = read(new Uint8Array(bytes));
    expect(
      children?.map(({ name }) => name),
      what,
    ).toEqual(names);
    const smart = children?.filter(({ placedLayer }) => placedLayer !== undefined) ?? [];
    expect(linkedFiles, what).toHaveLength(smart.length);
    for (const { data } of linkedFiles) {
      // Of more than 8 bits with transparency ag-psd reads the layers and not the merged picture.
      const contents = readPsd(data!, { useImageData: true, skipCompositeImageData: true });
      expect(contents.children, what).toHaveLength(1);
    }
  }
});

it('all that was there is there in every result, byte for byte', () => {
  for (const { what, before, bytes } of written) expect(lostPart(before, bytes), what).toBeNull();
});

describe('psd-tools', () => {
  it('reads every result and draws it as before', async (context) => {
    if (!(await answers(PYTHON, ['-c', 'import psd_tools.composite, numpy'])))
      return skip(context, 'psd-tools is not installed for the interpreter in EMOEDITOR_PYTHON');
    const pairs: string[] = [];
    for (const [i, { before, path }] of written.entries()) {
      const beforePath = join(folder, `before-${i}.psd`);
      await writeFile(beforePath, before);
      pairs.push(JSON.stringify({ before: beforePath, after: path, isSeen: false }));
    }
    const answer = await outputOf(PYTHON, [LOOK_OF], `${pairs.join('\n')}\n`);
    const looks = answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(looks).toHaveLength(written.length);
    for (const [i, look] of looks.entries()) {
      expect(look.error, written[i]?.what).toBeUndefined();
      expect(look.look, written[i]?.what).toBeLessThanOrEqual(1.01);
    }
  });

  it('opens what smart objects show', async (context) => {
    if (!(await answers(PYTHON, ['-c', 'import psd_tools'])))
      return skip(context, 'psd-tools is not installed for the interpreter in EMOEDITOR_PYTHON');
    const smart = written.filter(({ what }) => what.includes('smart object'));
    const answer = await outputOf(PYTHON, ['-c', SMART_OBJECTS, ...smart.map(({ path }) => path)]);
    const lines = answer.trim().split('\n');
    expect(lines).toHaveLength(smart.length);
    for (const line of lines) {
      expect(line).toBe(`smartobject Layer.psb ${WIDTH} ${HEIGHT} 1 Awe · 100 %`);
    }
  });
});

it('ImageMagick reads every result at its size, with its layers', async (context) => {
  const program = (await answers('magick', ['-version'])) ? 'magick' : 'convert';
  if (!(await answers(program, ['-version']))) return skip(context, 'ImageMagick is not installed');
  for (const { what, path, names } of written) {
    const format = ['-format', '%w %h\n', 'info:'];
    const sizes = (await outputOf(program, [path, ...format])).trim().split('\n');
    // The merged picture first.
    expect(sizes, what).toEqual(Array(names.length + 1).fill(`${WIDTH} ${HEIGHT}`));
  }
});

/** Of the topmost layer: its kind, and the file that it shows with its size and its layers. */
const SMART_OBJECTS = `
import sys, io
from psd_tools import PSDImage
for path in sys.argv[1:]:
    layer = list(PSDImage.open(path))[-1]
    shown = layer.smart_object
    inner = PSDImage.open(io.BytesIO(shown.data))
    print(layer.kind, shown.filename.rstrip(chr(0)), inner.width, inner.height, len(inner), inner[0].name)
`;

function skip(context: TestContext, reason: string): void {
  context.skip(reason);
}

async function answers(program: string, given: readonly string[]): Promise<boolean> {
  const child = spawn(program, given, { stdio: 'ignore' });
  const ended = once(child, 'exit').catch(() => [1]);
  const [code] = await ended;
  return code === 0;
}

async function outputOf(program: string, given: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, given, { env: { ...process.env, PYTHONIOENCODING: 'utf-8' } });
  child.stdin.end(input);
  const ended = once(child, 'exit');
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${error.slice(0, 2000)}`);
  return out;
}
