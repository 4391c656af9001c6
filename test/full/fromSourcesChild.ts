import { createForkedEngine } from '@emoeditor/companion-server/engine/forkedEngine.ts';
import type { IterationPictures } from '@emoeditor/companion-server/pipeline/edit.ts';
import { editRequestSchema, SRGB_PROFILE } from '@emoeditor/shared';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';

/** One edit over the scripted models, by processes and threads that run TypeScript. */
const engine = createForkedEngine({
  settings: { bundle: 'scripted', threads: null, provider: null, cacheFolder: '' },
  modelsModule: SCRIPTED_MODELS,
  environment: process.env,
  cancelGraceMs: 10_000,
});
const extent = { width: 64, height: 64 };
const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 37) % 256);
const edits: IterationPictures[] = [];
const { chosen } = await engine.edit(
  editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'awe' } }),
  { ...extent, rgb },
  { progress() {}, iteration: (_report, _delivered, edit) => void edits.push(edit) },
  new AbortController().signal,
);
const fit = await engine.fit(edits[chosen] as IterationPictures, SRGB_PROFILE);
const { data } = await engine.composite(
  fit,
  {
    format: { ...extent, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
    data: rgb,
  },
  { bounds: { left: 0, top: 0, ...extent }, extent },
  { intensity: 1 },
);
const isChanged = data.some((sample, i) => sample !== rgb[i]);
process.stdout.write(JSON.stringify({ iterations: edits.length, bytes: data.length, isChanged }));
await engine.close();
