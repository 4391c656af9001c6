/**
 * Compares the compositor with other ways to upscale the model's small picture: Lanczos, joint bilateral upsampling and
 * the guided filter, on photographs at full resolution with real edits.
 *
 *   npm run bench:upscaling                                          the largest sample, "fear"
 *   npx tsx bench/upscaling/main.mts photo.jpg:awe other.jpg:anger   others, of 8 megapixels or more
 *   EMOEDITOR_PICTURES=folder …                                      where details at 100 % are written
 *   EMOEDITOR_PYTHON=python EMOEDITOR_BACKBONES=folder …             for the distance that a network sees, see distance_of.py
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import type { WorkingEdit } from '@emoeditor/companion-server/compositor/compositor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { editRequestSchema } from '@emoeditor/shared';
import sharp from 'sharp';
import { faithfulness, gradientCorrelation, psnr, similarity } from './measures.mts';
import { perceptualDistances } from './perceptual.mts';
import { type Photograph, UPSCALERS } from './upscalers.mts';

const SAMPLE = join(import.meta.dirname, '../../studio/public/samples/sunset.jpg');
/** Shares of the width: where an edit of the left half has faded out, over how much, and what is well beyond it. */
const FADE_END = 0.6;
const FADE = 0.2;
const FAR = 0.75;
const DETAIL = { width: 420, height: 300 };
const pictures = process.env['EMOEDITOR_PICTURES'];
const never = new AbortController().signal;
const jobs = process.argv.slice(2);
const { editor, info } = await loadEditor(null, never);

for (const job of jobs.length > 0 ? jobs : [`${SAMPLE}:fear`]) {
  const [path = '', emotion = 'fear'] = job.split(/:(?=[a-z]+$)/);
  const { pixels } = await documentFrom(await readFile(path), basename(path));
  const { width, height } = pixels.format;
  const photo: Photograph = { extent: { width, height }, rgb: pixels.data as Uint8Array };
  const proxy = await makeProxy(pixels, info.workingArea, info.sizeMultiple);
  const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion } });
  const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, never);
  const { extent, source, decodedSource } = outcome;
  const decodedEdit = outcome.iterations[outcome.chosen]?.decoded as Float32Array;
  const edit = { extent, source, decodedSource, decodedEdit };
  console.log(
    `\n${basename(path)}, ${((width * height) / 1e6).toFixed(1)} megapixels, to ${emotion}; the model saw ${extent.width}×${extent.height}\n`,
  );
  await table(photo, edit, `${basename(path, '.jpg')}-${emotion}`);
}
process.exit(0);

async function table(photo: Photograph, edit: WorkingEdit, name: string): Promise<void> {
  const neutral = { ...edit, decodedEdit: edit.decodedSource };
  const half = inTheLeftHalf(edit);
  const { width } = photo.extent;
  const isRight = (pixel: number) => pixel % width > FAR * width;
  console.log(
    '| | no edit: PSNR | SSIM | edited on the left: PSNR on the right | the edit: gradients kept | edit there |',
  );
  console.log('|---|---|---|---|---|---|');
  const results: Uint8Array[] = [photo.rgb];
  const unedited = new Map<string, Uint8Array>();
  for (const { name: method, apply } of UPSCALERS) {
    const still = await apply(photo, neutral);
    const result = await apply(photo, edit);
    results.push(result);
    unedited.set(method, still);
    const cells = [
      decibels(psnr(still, photo.rgb)),
      similarity(still, photo.rgb, photo.extent).toFixed(3),
      decibels(psnr(await apply(photo, half), photo.rgb, isRight)),
      gradientCorrelation(result, photo.rgb, photo.extent).toFixed(3),
      decibels(await faithfulness(result, photo, edit)),
    ];
    console.log(`| ${method} | ${cells.join(' | ')} |`);
  }
  const seen = await perceptualDistances(photo.rgb, unedited, photo.extent);
  const told =
    typeof seen === 'string'
      ? seen
      : Object.entries(seen.means)
          .map(([method, mean]) => `${method} ${mean.toFixed(4)}`)
          .join(', ');
  console.log(`\nno edit, ${typeof seen === 'string' ? 'LPIPS' : seen.name}: ${told}`);
  if (pictures !== undefined) await saveDetails(photo, results, join(pictures, `${name}.jpg`));
}

function decibels(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'exact' : `${value.toFixed(1)} dB`;
}

/** The edit in the left half of the picture, fading out over the middle fifth: right of it nothing is meant to change. */
function inTheLeftHalf(edit: WorkingEdit): WorkingEdit {
  const { extent, decodedSource } = edit;
  const decodedEdit = edit.decodedEdit.map((value, i) => {
    const share = Math.min(1, Math.max(0, (FADE_END - (i % extent.width) / extent.width) / FADE));
    const still = decodedSource[i] as number;
    return still + share * (value - still);
  });
  return { ...edit, decodedEdit };
}

/** The same detail at 100 % side by side: the photograph, then every method. Where the photograph has most texture. */
async function saveDetails(
  { extent, rgb }: Photograph,
  results: readonly Uint8Array[],
  path: string,
): Promise<void> {
  const place = await busiest(rgb, extent);
  const titles = ['photograph', ...UPSCALERS.map(({ name }) => name)];
  const cells = await Promise.all(
    results.map((result) =>
      sharp(result, { raw: { ...extent, channels: 3 } })
        .extract({ ...place, ...DETAIL })
        .png()
        .toBuffer(),
    ),
  );
  const bar = 34;
  const label = (text: string) =>
    Buffer.from(
      `<svg width="${DETAIL.width}" height="${bar}"><text x="10" y="23" font-family="sans-serif" font-size="17" fill="#ddd">${text}</text></svg>`,
    );
  await sharp({
    create: {
      width: results.length * (DETAIL.width + 6) - 6,
      height: DETAIL.height + bar,
      channels: 3,
      background: '#222',
    },
  })
    .composite(
      cells.flatMap((input, i) => [
        { input, left: i * (DETAIL.width + 6), top: bar },
        { input: label(titles[i] as string), left: i * (DETAIL.width + 6), top: 0 },
      ]),
    )
    .jpeg({ quality: 88 })
    .toFile(path);
}

async function busiest(rgb: Uint8Array, { width, height }: { width: number; height: number }) {
  let best = { left: 0, top: 0, texture: -1 };
  for (let top = 0; top + DETAIL.height <= height; top += DETAIL.height) {
    for (let left = 0; left + DETAIL.width <= width; left += DETAIL.width) {
      let texture = 0;
      for (let y = top; y < top + DETAIL.height; y += 2) {
        for (let x = left; x < left + DETAIL.width - 1; x += 2) {
          const at = (y * width + x) * 3 + 1;
          texture += Math.min(24, Math.abs((rgb[at + 3] as number) - (rgb[at] as number)));
        }
      }
      if (texture > best.texture) best = { left, top, texture };
    }
  }
  return { left: best.left, top: best.top };
}
