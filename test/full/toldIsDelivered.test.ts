import { join } from 'node:path';
import { editFile } from '@emoeditor/companion-server/cli/editFile.ts';
import type { LoadedEditor } from '@emoeditor/companion-server/cli/editJob.ts';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { TOPMOST } from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { type Emotion, type EmotionVector, editRequestSchema } from '@emoeditor/shared';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';

const SAMPLES = join(import.meta.dirname, '../../studio/public/samples');
/** Largest difference of any of the eight probabilities between the loop's reading and that of the file. */
const TOLERANCE = 0.02;
const folder = temporaryFolder();
let loaded: LoadedEditor;

beforeAll(async () => {
  loaded = await loadEditor(null, new AbortController().signal);
});

/** The predictor's reading of a file, as the product reads one. */
async function readingOf(path: string): Promise<EmotionVector> {
  const { pixels } = await openDocument(path);
  const { workingArea, sizeMultiple } = loaded.info;
  return loaded.read(await makeProxy(pixels, workingArea, sizeMultiple));
}

async function edited(sample: string, emotion: Emotion, mode: 'fast' | 'paper') {
  const output = folder(`${sample}-${emotion}-${mode}.png`);
  const result = await editFile(
    {
      ...{ input: join(SAMPLES, `${sample}.jpg`), output, source: TOPMOST, intensity: 1 },
      ...{
        overwrite: false,
        refine: false,
        elements: null,
        cube: null,
        result: 'layer',
        aiNote: false,
      },
      request: editRequestSchema.parse({
        target: { kind: 'emotion', emotion },
        mode,
        maxIterations: 2,
      }),
    },
    async () => loaded,
    { note() {}, progress() {}, iteration() {} },
    new AbortController().signal,
  );
  return { result, output };
}

it.each([
  ['dandelions', 'awe', 'fast'],
  ['autumn', 'anger', 'fast'],
  ['fig', 'contentment', 'fast'],
  ['room', 'sadness', 'paper'],
] as const)(
  '%s to %s, %s: the file is read as the edit was told to be',
  { timeout: 240_000 },
  async (sample, emotion, mode) => {
    const { result, output } = await edited(sample, emotion, mode);
    const read = await readingOf(output);
    const off = (told: EmotionVector) =>
      Math.max(...told.map((value, i) => Math.abs(value - (read[i] as number))));
    // The command reads what it writes; the loop judged the same edit at working size, before it was 8-bit pixels.
    expect(off(result.delivered)).toBeLessThan(0.002);
    const { distribution } = result.chosen;
    expect(off(distribution), JSON.stringify({ told: distribution, read })).toBeLessThan(TOLERANCE);
  },
);
