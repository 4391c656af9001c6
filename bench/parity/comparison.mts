import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import type { Way } from '../../test/golden/runGraph.ts';

/** Comparison of one graph, or one edit, with its reference. */
export interface Comparison {
  readonly what: string;
  readonly way: Way;
  readonly limit: Limit;
  /** NaN where it did not run. */
  readonly found: number;
  readonly seconds: number;
}

/** A relative error must not be more, a PSNR in dB not less. */
export type Limit =
  | { readonly kind: 'error'; readonly value: number }
  | { readonly kind: 'decibels'; readonly value: number };

export const FLOAT32: Limit = { kind: 'error', value: 1e-4 };
export const FLOAT16: Limit = { kind: 'error', value: 5e-3 };
/** Of pictures in [0, 1]. */
export const SAME_PICTURE: Limit = { kind: 'decibels', value: 40 };

/** NaN fails. */
export const passes = ({ found, limit }: Comparison): boolean =>
  limit.kind === 'error' ? found <= limit.value : found >= limit.value;

const shown = (value: number, { kind }: Limit) =>
  kind === 'error' ? value.toExponential(1) : `${value.toFixed(1)} dB`;

export const rowOf = (comparison: Comparison) => ({
  what: comparison.what,
  profile: comparison.way.profile,
  weights: comparison.way.precision,
  'computed in': EMIT_PROFILES[comparison.way.profile].numbers,
  found: shown(comparison.found, comparison.limit),
  limit: shown(comparison.limit.value, comparison.limit),
  verdict: passes(comparison) ? 'pass' : 'FAIL',
  seconds: Number(comparison.seconds.toFixed(1)),
});

/**
 * How a graph is compared in a profile. Random weights are such that float16 holds them, so storing them so costs
 * nothing, and only the arithmetic errs.
 */
export function waysOf(
  profiles: readonly Way['profile'][],
  { isExact = false, isFolded = false },
): { readonly way: Way; readonly limit: Limit }[] {
  const own = profiles.map((name) => (isExact ? EMIT_PROFILES[name].full : name));
  return [...new Set(own)].flatMap((profile) => {
    const limit = EMIT_PROFILES[profile].numbers === 'float16' ? FLOAT16 : FLOAT32;
    const half = {
      way: { precision: 'float16', profile },
      limit: isFolded ? FLOAT16 : limit,
    } as const;
    return isFolded ? [{ way: { precision: 'float32', profile }, limit } as const, half] : [half];
  });
}
