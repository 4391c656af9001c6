/**
 * Runs a folder of documents and pictures through an edit of intensity 0, which changes nothing, and prints for each
 * whether it came back as it was:
 *
 *   npm run bench:documents -- FOLDER [--every]
 *
 * ok        opens again, all that was there is there byte for byte, and it looks as before (≤ 1 level)
 * refused   the reason that a user would be told
 * changed   what is different
 * unjudged  psd-tools reads the document and not the result
 *
 * `--every` tries each layer with pixels and what is visible, not only the layer that is edited when none is named.
 *
 * Bytes are compared here (`lostPart.mts`): resources, layers with their channels, global blocks and the merged picture,
 * which is what Photoshop itself drew and must stay to the last bit.
 *
 * The look is what psd-tools draws of all layers before and after (`look_of.py`; `pip install "psd-tools[composite]"`,
 * interpreter in EMOEDITOR_PYTHON). It draws shapes and fills by the pixels that Photoshop stored of them: a result is
 * made of those, and outlines that psd-tools draws anew have other edges. Of soft layers that are clipped to soft layers
 * psd-tools makes something else than Photoshop. So where it sees a difference, the merged picture that Photoshop drew
 * decides: the result is ok when in each pixel that differs it is within a level of that one. What is made of all that is
 * visible is made of the merged picture, whoever drew it, and is held against it in the same way. Without psd-tools only
 * bytes are compared, and that is said.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import {
  type SourceChoice,
  TOPMOST,
} from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { ImageError } from '@emoeditor/companion-server/imaging/imageError.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { isPsd } from '@emoeditor/companion-server/imaging/psd/checkPsdHeader.ts';
import {
  fromTheTop,
  hasPixels,
  layerTree,
} from '@emoeditor/companion-server/imaging/psd/layerTree.ts';
import { parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';
import { PYTHON } from '../engine/python.mts';
import { lostPart } from './lostPart.mts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Expected a folder of documents.');

interface Answer {
  /** The greatest difference of what is drawn before and after, in levels of 255. */
  readonly look?: number;
  /** Where that is more than a level: how many pixels differ by more … */
  readonly pixels?: number;
  /** … and how far the result is there from the merged picture; null where that is not known to be Photoshop's. */
  readonly fromMerged?: number | null;
  readonly error?: string;
  /** Why psd-tools does not read the document before the edit. */
  readonly unread?: string;
}

const temporary = await mkdtemp(join(tmpdir(), 'emoeditor-documents-'));
const judge = startJudge();
const counts = new Map<string, number>();
try {
  for (const path of await filesIn(folder)) {
    for (const choice of await choicesOf(path)) {
      const verdict = await verdictOn(path, choice).catch((error: unknown) => failure(error));
      const [word = ''] = verdict.split(' ', 1);
      counts.set(word, (counts.get(word) ?? 0) + 1);
      const layer =
        choice.kind === 'named' ? ` “${choice.name}”` : choice.kind === 'visible' ? ' as seen' : '';
      console.log(`${relative(folder, path)}${layer}: ${verdict}`);
    }
  }
  console.log([...counts].map(([word, count]) => `${count} ${word}`).join(', '));
} finally {
  judge.end();
  await rm(temporary, { recursive: true });
}

async function filesIn(from: string): Promise<string[]> {
  if ((await stat(from)).isFile()) return [from];
  const entries = await readdir(from, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\.(psd|psb|jpe?g|png|tiff?|webp|avif|heic|heif|jxl|gif)$/i.test(path))
    .sort();
}

function failure(error: unknown): string {
  if (error instanceof ImageError) return `refused (${error.message})`;
  return `crashed (${error instanceof Error ? error.stack : String(error)})`;
}

/** The layer that is edited when none is named, or each that can be, and what is visible as one picture. */
async function choicesOf(path: string): Promise<SourceChoice[]> {
  const bytes = await readFile(path);
  if (!values.every || !isPsd(bytes)) return [TOPMOST];
  try {
    const layers = [...fromTheTop(layerTree(parsePsd(bytes)))].filter(hasPixels);
    const names = new Set(layers.map(({ name }) => name));
    const named = [...names].map((name) => ({ kind: 'named' as const, name }));
    return [TOPMOST, ...named, { kind: 'visible' }];
  } catch {
    return [TOPMOST];
  }
}

async function verdictOn(path: string, choice: SourceChoice): Promise<string> {
  const before = await readFile(path);
  const document = await documentFrom(before, basename(path), choice);
  // Nothing writes GIF.
  const out = join(temporary, `after${extname(path).toLowerCase().replace('.gif', '.png')}`);
  document.checkOutput(out);
  const target = {
    path: out,
    layerName: 'Awe · 0 %',
    above: null,
    isSmartObject: false,
    note: null,
  };
  const { bytes } = await document.encode(document.pixels, target);
  await writeFile(out, bytes);
  return isPsd(before)
    ? layered(path, before, out, bytes, choice.kind === 'visible')
    : flat(document.pixels.data, out, bytes);
}

async function layered(
  path: string,
  before: Uint8Array,
  out: string,
  after: Uint8Array,
  isSeen: boolean,
): Promise<string> {
  const lost = lostPart(before, after);
  if (lost !== null) return `changed (${lost})`;
  const { look, pixels, fromMerged = null, error, unread } = await judge.of(path, out, isSeen);
  if (unread !== undefined) {
    return `ok (bytes only; psd-tools does not read the document itself: ${unread.slice(0, 80)})`;
  }
  if (error !== undefined) return `unjudged (psd-tools: ${error})`;
  if (look === undefined) return 'ok (bytes only; psd-tools is not there)';
  if (look <= 1.01) return 'ok';
  const differs = `${pixels} pixels by up to ${look.toFixed(0)} levels`;
  if (fromMerged !== null && fromMerged <= 1.01) {
    return `ok (psd-tools draws ${differs} unlike before: now as in the merged picture)`;
  }
  return `changed (the look: ${differs})`;
}

/** One interpreter for all documents: a pair of paths in, an answer out. Answers nothing where psd-tools is not there. */
function startJudge() {
  const stdio: ['pipe', 'pipe', 'ignore'] = ['pipe', 'pipe', 'ignore'];
  const judge = spawn(PYTHON, [join(import.meta.dirname, 'look_of.py')], { stdio });
  judge.on('error', () => {});
  judge.stdin.on('error', () => {});
  const answers = createInterface({ input: judge.stdout })[Symbol.asyncIterator]();
  return {
    async of(before: string, after: string, isSeen: boolean): Promise<Answer> {
      judge.stdin.write(`${JSON.stringify({ before, after, isSeen })}\n`);
      const { value } = await answers.next();
      return value === undefined ? {} : JSON.parse(value);
    },
    end: () => judge.stdin.end(),
  };
}

function isLosslessWebp(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 64)).includes('VP8L');
}

async function flat(before: ArrayLike<number>, out: string, bytes: Uint8Array): Promise<string> {
  const { pixels } = await documentFrom(bytes, out, TOPMOST);
  if (pixels.data.length !== before.length) return 'changed (the size)';
  // JPEG, AVIF and most WebP are written anew with losses.
  const isExact = /\.(png|tiff?)$/.test(out) || isLosslessWebp(bytes);
  const tolerance = isExact ? 0 : 24;
  let most = 0;
  const { channels, range } = pixels.format;
  const alphaOf = (data: ArrayLike<number>, i: number) =>
    channels === 4 ? (data[i - (i % 4) + 3] as number) : range;
  for (let i = 0; i < before.length; i++) {
    // What is transparent before and after has no colour to be seen.
    const seen = Math.max(alphaOf(before, i), alphaOf(pixels.data, i)) / range;
    const change = Math.abs((before[i] as number) - (pixels.data[i] as number));
    most = Math.max(most, (seen * change * 255) / range);
  }
  return most > tolerance ? `changed (pixels by ${most.toFixed(0)} levels)` : 'ok';
}
