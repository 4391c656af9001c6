import {
  createForkedEngine,
  type ForkedEngine,
  type ForkedEngineOptions,
} from '@emoeditor/companion-server/engine/forkedEngine.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import { type EditRequestInput, editRequestSchema } from '@emoeditor/shared';
import { afterEach } from 'vitest';
import { SCRIPTED_MODELS } from '../../../fakes/scriptedModelsModule.ts';
import { photograph } from '../pipeline/editing.ts';

export const never = new AbortController().signal;
/** For one test file: engines in processes of their own over scripted models, closed after each test. */
export function forkedEngines() {
  const open: ForkedEngine[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((engine) => engine.close()));
  });
  return (bundle: string, options: Partial<ForkedEngineOptions> = {}): ForkedEngine => {
    const engine = createForkedEngine({
      settings: { bundle, threads: null, provider: null, cacheFolder: '' },
      modelsModule: SCRIPTED_MODELS,
      environment: process.env,
      cancelGraceMs: 10_000,
      ...options,
    });
    open.push(engine);
    return engine;
  };
}

export const requestFor = (more: Partial<EditRequestInput> = {}) =>
  editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'awe' }, ...more });

/** An edit of a small photograph to its end. */
export async function editOnce(
  engine: ForkedEngine,
  signal = never,
  more: Partial<EditRequestInput> = {},
) {
  const edits: IterationPictures[] = [];
  const summary = await engine.edit(
    requestFor(more),
    photograph(),
    { progress() {}, iteration: (_report, _preview, edit) => void edits.push(edit) },
    signal,
  );
  return { summary, edits };
}
