import type { EditRequest } from '@emoeditor/shared';
import type { Ablation } from './ablation.ts';
import type { Limits } from './budget.ts';
import type { PublishedSampling } from './conditioner.ts';
import { createFastRules } from './ieiRules/fast.ts';
import { FAST_ACCEPTANCE, type FastAcceptance } from './ieiRules/fastAcceptance.ts';
import { FAST_SETTINGS, type FastSettings } from './ieiRules/fastSettings.ts';
import { createOfficialRules } from './ieiRules/official.ts';
import { createPaperRules, PAPER_SETTINGS } from './ieiRules/paper.ts';
import type { IeiRules } from './ieiRules/rules.ts';

export interface Iei {
  readonly rules: IeiRules;
  readonly limits: Limits;
}

/** 30 iterations of 30 steps, as published; the time is ours. */
const PUBLISHED_LIMITS: Limits = { maxIterations: 30, maxUNetEvaluations: 900, maxSeconds: 1800 };

/** What a bundle recommends. */
export interface Recommended {
  readonly fast?: FastSettings;
  readonly acceptance?: FastAcceptance;
  /** For the published rules. */
  readonly guidanceScale?: number;
  /** Sampling from pure noise, for the published rules of models that were published so. */
  readonly published?: PublishedSampling | undefined;
  readonly ablation?: Pick<Ablation, 'iei'>;
}

const ONE_ITERATION = { maxIterations: 1, candidates: 1 };

/** The rules that a request asks for, its own numbers put over the mode's. */
export function ieiFor(
  asked: EditRequest,
  {
    fast = FAST_SETTINGS,
    acceptance = FAST_ACCEPTANCE,
    guidanceScale = PAPER_SETTINGS.guidanceScale,
    published,
    ablation,
  }: Recommended = {},
): Iei {
  const request = ablation?.iei === false ? { ...asked, ...ONE_ITERATION } : asked;
  switch (request.mode) {
    case 'fast':
      return {
        rules: createFastRules(fastSettingsFor(request, fast), acceptance),
        limits: limitsFor(request, fast),
      };
    case 'paper': {
      const { steps = published?.steps ?? PAPER_SETTINGS.steps } = request;
      return {
        rules: createPaperRules({
          steps,
          guidanceScale: request.guidanceScale ?? guidanceScale,
          isFromNoise: published !== undefined,
        }),
        limits: limitsFor(request, publishedLimits(published)),
      };
    }
    case 'official':
      return {
        rules: createOfficialRules(
          request.steps ?? published?.steps,
          guidanceScale,
          published !== undefined,
        ),
        limits: limitsFor(request, publishedLimits(published)),
      };
  }
}

/** Thirty iterations too where one is three evaluations for each of many steps. */
function publishedLimits(published: PublishedSampling | undefined): Limits {
  const { maxIterations } = PUBLISHED_LIMITS;
  if (published === undefined) return PUBLISHED_LIMITS;
  return { ...PUBLISHED_LIMITS, maxUNetEvaluations: maxIterations * published.steps * 3 };
}

/**
 * A request's guidance scale replaces that of both ends, so that only the start noise still differs; its candidates are
 * those of every iteration.
 */
function fastSettingsFor(request: EditRequest, base: FastSettings): FastSettings {
  const { steps = base.steps, candidates, guidanceScale } = request;
  return {
    ...base,
    steps,
    ...(candidates === undefined ? {} : { candidates, firstLevels: undefined }),
    ...(guidanceScale === undefined
      ? {}
      : {
          weakest: { ...base.weakest, guidanceScale },
          strongest: { ...base.strongest, guidanceScale },
        }),
  };
}

function limitsFor(request: EditRequest, base: Limits): Limits {
  return {
    maxIterations: request.maxIterations ?? base.maxIterations,
    maxUNetEvaluations: request.maxUNetEvaluations ?? base.maxUNetEvaluations,
    maxSeconds: request.maxSeconds ?? base.maxSeconds,
  };
}
