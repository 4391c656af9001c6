import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EditRequest, type Emotion, editRequestSchema } from '@emoeditor/shared';
import type { EditorMethod } from '../evaluation/evaluationConfig.ts';
import type { Made, Method } from '../evaluation/methods/method.ts';
import { TOPMOST } from '../imaging/editableDocument.ts';
import { openDocument } from '../imaging/openDocument.ts';
import { type EditFileResult, editFile } from './editFile.ts';
import type { LoadedEditor } from './editJob.ts';

const SILENT = { note() {}, progress() {}, iteration() {} };

/**
 * The editor as a method of an evaluation: a file in, the file that `emoeditor edit` writes, read again.
 * @param load called at the first edit
 */
export function evaluatedEditor(
  name: string,
  settings: EditorMethod,
  load: () => Promise<LoadedEditor>,
): Method {
  return {
    name,
    async make({ path }, target, signal) {
      const folder = await mkdtemp(join(tmpdir(), 'emoeditor-eval-'));
      const output = join(folder, 'edit.png');
      try {
        const result = await editFile(
          {
            ...{ input: path, output, source: TOPMOST, result: 'layer', aiNote: false },
            ...{ overwrite: true, refine: false, cube: null, elements: null },
            intensity: settings.intensity,
            request: requestOf(settings, target),
          },
          load,
          SILENT,
          signal,
        );
        return { pixels: (await openDocument(output, TOPMOST)).pixels, ...toldBy(result) };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

function requestOf(settings: EditorMethod, emotion: Emotion): EditRequest {
  const { mode, seed, steps, candidates, guidanceScale, maxIterations, instruction } = settings;
  const scene =
    instruction === undefined
      ? {}
      : { scene: instruction === false ? { elements: false } : { elements: true, instruction } };
  return editRequestSchema.parse({
    ...{ target: { kind: 'emotion', emotion }, mode, seed, steps, candidates, guidanceScale },
    ...{ maxIterations, ...scene },
  });
}

function toldBy({
  chosen,
  outcome,
  iterations,
  unetEvaluations,
}: EditFileResult): Omit<Made, 'pixels'> {
  return {
    unetEvaluations,
    told: {
      distribution: chosen.distribution,
      outcome: outcome.kind,
      strength: chosen.strength ?? null,
      iterations: iterations.length,
      instruction: chosen.scene?.plan.instruction ?? null,
    },
  };
}
