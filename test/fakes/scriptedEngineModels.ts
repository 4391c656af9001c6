import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { LoadModels } from '@emoeditor/companion-server/engine/engineModels.ts';
import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import { RunFailure } from '@emoeditor/companion-server/runtime/runFailure.ts';
import { EMOTIONS, type EmotionVector } from '@emoeditor/shared';
import { createScriptedModels, withTinyDecoder } from './scriptedModels.ts';

/** Few steps, two candidates: an edit is over in milliseconds. */
const FAST = {
  steps: 4,
  candidates: 2,
  weakest: { startStrength: 0.5, guidanceScale: 1 },
  strongest: { startStrength: 1, guidanceScale: 2 },
  maxIterations: 2,
  maxUNetEvaluations: 2000,
  maxSeconds: 600,
};

/** Milliseconds of one step of the `slow` script. */
const SLOW_STEP_MS = 25;
/** Of the `slower` one: long beside the way of a word from the panel to the engine, on a busy machine too. */
const SLOWER_STEP_MS = 300;

/**
 * What an engine's process loads in tests. The name of the bundle is the script that it follows:
 * a file after a `#` gets a letter for every step, the target's first.
 * `scripted` works, `tiny` has a tiny decoder too, `slow` takes its time over every step and `slower` still more,
 * `blocking` blocks its thread as long as `slow`, as ONNX Runtime does, `stuck` blocks its thread in the second step,
 * `held` goes as many steps as that file says, and on when it is gone,
 * `dies` dies while it loads as often as that file says,
 * `loading` loads without end, `card` runs on a graphics card on which every edit kills the engine, unless that is
 * demoted; on `lost`, that card fails instead, as ONNX Runtime does when a card is lost,
 * `crash` dies in the third step of its first edit with a target of fear, `missing` cannot be loaded.
 */
export const loadModels: LoadModels = async ({ bundle: name, demoted = {} }) => {
  const [bundle, stepsFile] = name?.split('#') ?? [];
  if (bundle === 'missing') {
    throw new ModelError('MODEL_MISSING', 'There is no bundle “missing”.', 'Choose another.');
  }
  if (bundle === 'loading') await new Promise<never>(() => setInterval(() => {}, 1000));
  const isOnCard = (bundle === 'card' || bundle === 'lost') && demoted['card'] === undefined;
  if (bundle === 'dies' && stepsFile !== undefined) dieWhileFileSays(stepsFile);
  const scripted = createScriptedModels();
  scripted.duringStep = async (_call, index) => {
    if (bundle === 'held') await untilAllowed(stepsFile, index);
    else if (stepsFile !== undefined && bundle !== 'dies')
      appendFileSync(stepsFile, targetOf(scripted.directions));
    if (bundle === 'slow') await setTimeout(SLOW_STEP_MS);
    if (bundle === 'slower') await setTimeout(SLOWER_STEP_MS);
    if (bundle === 'blocking') {
      await setImmediate();
      const until = performance.now() + SLOW_STEP_MS;
      while (performance.now() < until);
    }
    if (bundle === 'stuck' && index >= 1) for (;;);
    if (isOnCard && index === 1) {
      if (bundle === 'lost') throw new RunFailure('The device was removed.');
      process.kill(process.pid, 'SIGKILL');
    }
    const isFear = targetOf(scripted.directions.slice(0, 2)) === 'f';
    if (bundle === 'crash' && isFear && index === 2) process.kill(process.pid, 'SIGKILL');
  };
  return {
    models: (bundle === 'tiny' ? withTinyDecoder(scripted) : scripted).models,
    fast: FAST,
    provider: {
      name: isOnCard ? 'card' : 'scripted',
      reason: 'a test asked for it',
      refused: Object.entries(demoted).map(([name, reason]) => ({ name, reason })),
    },
    release: async () => {},
  };
};

function dieWhileFileSays(file: string): void {
  const left = Number(readFileSync(file, 'utf8'));
  if (left === 0) return;
  writeFileSync(file, String(left - 1));
  process.kill(process.pid, 'SIGKILL');
}

async function untilAllowed(file: string | undefined, step: number): Promise<void> {
  while (file !== undefined && step >= stepsIn(file)) await setTimeout(5);
}

/** All steps once the file is gone; asking first whether it is there would race with its removal. */
function stepsIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** First letter of what the newest direction leads to; unconditional rows lead nowhere. */
const targetOf = (directions: readonly EmotionVector[]): string => {
  const direction = directions.findLast((one) => Math.max(...one) > 0.5) ?? [];
  return EMOTIONS[direction.indexOf(Math.max(...direction))]?.charAt(0) ?? '?';
};
