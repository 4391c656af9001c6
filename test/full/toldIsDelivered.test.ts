import { join } from 'node:path';
import { editFile } from '@emoeditor/companion-server/cli/editFile.ts';
import type { LoadedEditor } from '@emoeditor/companion-server/cli/editJob.ts';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { seenBy } from '@emoeditor/companion-server/cli/seenBy.ts';
import { TOPMOST } from '@emoeditor/companion-server/imaging/editableDocument.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import {
  type EditRequest,
  type Emotion,
  type EmotionVector,
  editRequestSchema,
} from '@emoeditor/shared';
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
async function readingOf(path: string, request: EditRequest): Promise<EmotionVector> {
  const { pixels } = await openDocument(path);
  return loaded.read(await seenBy(loaded, request, pixels));
}

async function edited(sample: string, emotion: Emotion, mode: 'fast' | 'paper') {
  const request = editRequestSchema.parse({
    target: { kind: 'emotion', emotion },
    mode,
    maxIterations: 2,
  });
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
      request,
    },
    async () => loaded,
    { note() {}, progress() {}, iteration() {} },
    new AbortController().signal,
  );
  return { result, output, request };
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
    const { result, output, request } = await edited(sample, emotion, mode);
    const read = await readingOf(output, request);
    const off = (told: EmotionVector) =>
      Math.max(...told.map((value, i) => Math.abs(value - (read[i] as number))));
    // The command reads what it writes; the loop judged the same edit at working size, before it was 8-bit pixels.
    expect(off(result.delivered)).toBeLessThan(0.002);
    const { distribution } = result.chosen;
    expect(off(distribution), JSON.stringify({ told: distribution, read })).toBeLessThan(TOLERANCE);
  },
);
