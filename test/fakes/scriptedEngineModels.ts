import type { LoadModels } from '@emoeditor/companion-server/engine/engineModels.ts';
import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import { createScriptedModels } from './scriptedModels.ts';

/** Few steps, two candidates: an edit is over in milliseconds. */
const FAST = {
  steps: 4,
  candidates: 2,
  weakest: { start: 0.5, guidanceScale: 1 },
  strongest: { start: 1, guidanceScale: 2 },
  maxIterations: 2,
  maxUNetEvaluations: 2000,
  maxSeconds: 600,
};

/** Milliseconds of one step of the `slow` script. */
const SLOW_STEP_MS = 25;

/**
 * What an engine's process loads in tests. The name of the bundle is the script that it follows:
 * `scripted` works, `slow` takes its time over every step, `stuck` blocks its thread in the third step,
 * `crash` dies in the third step of its first edit with a target of fear, `missing` cannot be loaded.
 */
export const loadModels: LoadModels = async ({ bundle }) => {
  if (bundle === 'missing') {
    throw new ModelError('MODEL_MISSING', 'There is no bundle “missing”.', 'Choose another.');
  }
  const scripted = createScriptedModels();
  scripted.duringStep = async (_call, index) => {
    if (bundle === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_STEP_MS));
    if (bundle === 'stuck' && index >= 2) for (;;);
    // Fear is the seventh of the eight.
    const isFear = (scripted.directions.at(0)?.[6] ?? 0) > 0.5;
    if (bundle === 'crash' && isFear && index === 2) process.kill(process.pid, 'SIGKILL');
  };
  return {
    models: scripted.models,
    fast: FAST,
    provider: { name: 'scripted', reason: 'a test asked for it', refused: [] },
    release: async () => {},
  };
};
