/**
 * Times the fit of an edit by the kernel and in plain TypeScript, and full-resolution compositing against a copy of the
 * same bytes, libvips' Lanczos upscale of the small result to the same size, and the same computation in plain
 * TypeScript, in one run on the same pixels. Ours in one thread and in as many as there are cores; libvips uses its own.
 *
 *   npx tsx bench/compositor/main.mts            1, 12 and 24 megapixels
 *   npx tsx bench/compositor/main.mts 100        other sizes, in megapixels
 */
import { availableParallelism } from 'node:os';
import type {
  Compositor,
  TilePlace,
  WorkingEdit,
} from '@emoeditor/companion-server/compositor/compositor.ts';
import { fastestArithmetic } from '@emoeditor/companion-server/compositor/fit/fastestArithmetic.ts';
import type { FitArithmetic } from '@emoeditor/companion-server/compositor/fit/fitArithmetic.ts';
import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { fitGrade, gridShape } from '@emoeditor/companion-server/compositor/fit/fitGrade.ts';
import { plainArithmetic } from '@emoeditor/companion-server/compositor/fit/plainArithmetic.ts';
import { lumaPlane } from '@emoeditor/companion-server/compositor/planes.ts';
import {
  compositorOf,
  referenceCompositorOf,
} from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import { createCompositorThreads } from '@emoeditor/companion-server/engine/threads/compositorThreads.ts';
import { type PixelBuffer, type PixelFormat, SRGB_PROFILE } from '@emoeditor/shared';
import sharp from 'sharp';

const WORKING = { width: 256, height: 256 };
const KINDS: ReadonlyArray<Pick<PixelFormat, 'channels' | 'sample' | 'range'>> = [
  { channels: 4, sample: 'uint8', range: 255 },
  { channels: 3, sample: 'uint16', range: 32768 },
];
const TILE_ROWS = 512;

/** A photograph-like picture: large shapes, edges, texture; and an edit with a new grade and a new object. */
function workingEdit(): WorkingEdit {
  const { width, height } = WORKING;
  const pixels = width * height;
  const source = new Float32Array(3 * pixels);
  const edit = new Float32Array(3 * pixels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shape = 0.5 + 0.3 * Math.sin(x / 31) * Math.cos(y / 23);
      const value = shape + 0.1 * Math.sin(x * 1.7 + y * 2.3);
      const disc = Math.hypot(x - 90, y - 60) < 30;
      for (let k = 0; k < 3; k++) {
        const at = k * pixels + y * width + x;
        source[at] = value * (1 - 0.1 * k);
        edit[at] = disc ? 0.9 - 0.2 * k : (source[at] as number) * (0.5 + 0.2 * k);
      }
    }
  }
  return { extent: WORKING, source, decodedSource: source, decodedEdit: edit };
}

function picture(megapixels: number, kind: (typeof KINDS)[number]): PixelBuffer {
  const width = Math.round(Math.sqrt(megapixels * 1e6 * 1.5));
  const height = Math.round((megapixels * 1e6) / width);
  const samples = width * height * kind.channels;
  const data = kind.sample === 'uint8' ? new Uint8Array(samples) : new Uint16Array(samples);
  for (let i = 0; i < samples; i++) {
    data[i] = (0.5 + 0.4 * Math.sin(i / 977) + 0.1 * Math.sin(i * 1.3)) * kind.range;
  }
  return { format: { width, height, ...kind, profile: SRGB_PROFILE }, data };
}

/** Median of several runs in milliseconds. */
async function time(runs: number, work: () => unknown): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[Math.floor(runs / 2)] as number;
}

const edit = workingEdit();
const fit = fitEdit(edit);

/** Times the fit by the kernel and in plain TypeScript, each after warm-up runs. */
async function fitTable(): Promise<void> {
  const { source, decodedEdit } = edit;
  const luma = lumaPlane(source);
  const pair = { source, edit: decodedEdit, luma, weights: luma.map(() => 1) };
  const shape = gridShape(WORKING);
  const steps: ReadonlyArray<[string, (arithmetic: FitArithmetic) => unknown]> = [
    ['grid: one solve', (use) => use.solveGrid(pair, WORKING, shape)],
    ['alignment', (use) => use.bestShifts(source, decodedEdit, WORKING)],
    ['grade: alignment, three solves', (use) => fitGrade(source, decodedEdit, WORKING, use)],
    ['grade and content', (use) => fitEdit(edit, {}, use)],
  ];
  console.log(`| fit at ${WORKING.width}×${WORKING.height} | kernel | plain TypeScript |`);
  console.log('|---|---|---|');
  for (const [name, step] of steps) {
    const [kernel, plain] = [
      await time(15, () => step(fastestArithmetic())),
      await time(7, () => step(plainArithmetic)),
    ];
    console.log(`| ${name} | ${kernel.toFixed(1)} ms | ${plain.toFixed(0)} ms |`);
  }
  console.log();
}

const sizes = process.argv.slice(2).map(Number);
await fitTable();
const threads = createCompositorThreads(availableParallelism());
console.log(
  '| picture | one thread | × copy | × Lanczos | all threads | per MP | × copy | × Lanczos | plain TypeScript | first tile |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');

/** Strips of the page from the top, as tiles. */
function* stripsOf({ format, data }: PixelBuffer): Generator<[PixelBuffer, TilePlace]> {
  const { width, height, channels } = format;
  const row = width * channels;
  for (let top = 0; top < height; top += TILE_ROWS) {
    const rows = Math.min(TILE_ROWS, height - top);
    const strip = data.subarray(top * row, (top + rows) * row) as PixelBuffer['data'];
    const bounds = { left: 0, top, width, height: rows };
    yield [
      { format: { ...format, height: rows }, data: strip },
      { bounds, extent: { width, height } },
    ];
  }
}

/** As the server does it: the next tile is handed over while one is under way. */
async function compositeInThreads(page: PixelBuffer): Promise<void> {
  let underWay: Promise<unknown> = Promise.resolve();
  for (const [tile, place] of stripsOf(page)) {
    const next = threads.composite(fit, tile, place, { intensity: 1 });
    await underWay;
    underWay = next;
  }
  await underWay;
}

for (const megapixels of sizes.length > 0 ? sizes : [1, 12, 24]) {
  for (const kind of KINDS) {
    const page = picture(megapixels, kind);
    const { width, height, channels } = page.format;
    const compositeStrips = (apply: Compositor['apply'], most = Number.POSITIVE_INFINITY) => {
      let count = 0;
      for (const [tile, place] of stripsOf(page)) {
        if (count++ >= most) break;
        apply(tile, place, { intensity: 1 });
      }
    };
    const compositor = compositorOf(fit);
    compositeStrips(compositor.apply, 1);
    const alone = await time(5, () => compositeStrips(compositor.apply));
    await compositeInThreads(page);
    const together = await time(5, () => compositeInThreads(page));
    const first = await time(3, () => compositeStrips(compositorOf(fit).apply, 1));
    const copy = await time(5, () => page.data.slice());
    const small = new Uint8Array(WORKING.width * WORKING.height * 3).fill(99);
    const lanczos = await time(3, () =>
      sharp(small, { raw: { ...WORKING, channels: 3 } })
        .toColourspace(kind.sample === 'uint16' ? 'rgb16' : 'srgb')
        .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
        .raw({ depth: kind.sample === 'uint16' ? 'ushort' : 'uchar' })
        .toBuffer(),
    );
    const plain = await time(1, () => compositeStrips(referenceCompositorOf(fit).apply));
    const cells = [
      `${megapixels} MP ${channels === 4 ? 'RGBA' : 'RGB'} ${kind.sample}`,
      `${alone.toFixed(0)} ms`,
      (alone / copy).toFixed(1),
      (alone / lanczos).toFixed(2),
      `${together.toFixed(0)} ms`,
      `${(together / megapixels).toFixed(1)} ms`,
      (together / copy).toFixed(1),
      (together / lanczos).toFixed(2),
      `${plain.toFixed(0)} ms`,
      `${first.toFixed(0)} ms`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
await threads.close();
