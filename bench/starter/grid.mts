/**
 * The picture of what a bundle can and cannot do: photographs × the eight emotions, each edit made and delivered as
 * `emoeditor edit` does it, at full resolution, and shown small with what the loop's own predictor says of it.
 *
 *   npx tsx bench/starter/grid.mts --out docs/pictures/starter-grid.jpg
 *   options: --bundle models/starter  --photos autumn,dandelions,fig,stream (of the studio's samples)  --width 232
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { editFile } from '@emoeditor/companion-server/cli/editFile.ts';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { TOPMOST } from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { EMOTIONS, type Emotion, editRequestSchema } from '@emoeditor/shared';
import sharp, { type OverlayOptions } from 'sharp';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'starter-grid.jpg' },
    bundle: { type: 'string' },
    photos: { type: 'string', default: 'autumn,dandelions,fig,stream' },
    width: { type: 'string', default: '232' },
  },
});
const SAMPLES = join(import.meta.dirname, '../../studio/public/samples');
const GAP = 6;
const HEADING = 26;
const never = new AbortController().signal;
const cell = Number(values.width);
const folder = await mkdtemp(join(tmpdir(), 'emoeditor-grid-'));
const models = await loadEditor(values.bundle ?? null, never);

const parts: OverlayOptions[] = [];
let top = HEADING + GAP;
for (const name of values.photos.split(',')) {
  const input = join(SAMPLES, `${name}.jpg`);
  const { width, height } = await sharp(input).metadata();
  const rowHeight = Math.round((cell * height) / width);
  await place(input, 0, rowHeight);
  for (const [column, emotion] of EMOTIONS.entries()) {
    await place(await edited(input, emotion), column + 1, rowHeight);
  }
  top += rowHeight + GAP;
}
for (const [column, words] of ['photograph', ...EMOTIONS].entries()) {
  const text = `<svg width="${cell}" height="${HEADING}"><text x="2" y="18" font-family="sans-serif" font-size="15" fill="#ddd">${words}</text></svg>`;
  parts.push({ input: Buffer.from(text), left: leftOf(column), top: GAP });
}
const width = leftOf(EMOTIONS.length + 1);
await sharp({ create: { width, height: top, channels: 3, background: '#262626' } })
  .composite(parts)
  .jpeg({ quality: 88 })
  .toFile(values.out);
await rm(folder, { recursive: true });
console.log(`${values.out}: ${width} × ${top}`);
process.exit(0);

function leftOf(column: number): number {
  return GAP + column * (cell + GAP);
}

async function place(path: string, column: number, height: number): Promise<void> {
  const input = await sharp(path).resize(cell, height, { kernel: 'lanczos3' }).png().toBuffer();
  parts.push({ input, left: leftOf(column), top });
}

async function edited(input: string, emotion: Emotion): Promise<string> {
  const output = join(folder, 'edit.png');
  const { before, delivered, chosen } = await editFile(
    {
      ...{
        input,
        output,
        source: TOPMOST,
        result: 'layer',
        aiNote: false,
        intensity: 1,
        overwrite: true,
        refine: false,
        elements: null,
        cube: null,
      },
      request: editRequestSchema.parse({ target: { kind: 'emotion', emotion } }),
    },
    async () => models,
    { note() {}, progress() {}, iteration() {} },
    never,
  );
  const index = EMOTIONS.indexOf(emotion);
  const change = `${before[index]?.toFixed(2)} → ${delivered[index]?.toFixed(2)}`;
  console.log(`${emotion.padEnd(12)} ${change}  SSIM ${chosen.ssim.toFixed(2)}  ${chosen.verdict}`);
  return output;
}
