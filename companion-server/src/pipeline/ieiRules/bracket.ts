import type { Verdict } from '@emoeditor/shared';

/**
 * Levels of push, 0 (weakest) … 1 (strongest), that are still worth trying: above `tooWeak`, below `tooStrong`.
 * SSIM falls and P(target) rises with the level, so each verdict of the critic narrows the bracket.
 */
export interface Bracket {
  readonly tooWeak: number;
  readonly tooStrong: number;
}

/** Nothing known: 1 itself may be tried. */
export const OPEN: Bracket = { tooWeak: 0, tooStrong: Number.POSITIVE_INFINITY };

/** A bracket narrower than this is exhausted. */
const NARROW = 0.08;

/** Evenly spaced levels inside the bracket, strongest first; the upper end is one of them while nothing was too strong. */
export function levelsWithin({ tooWeak, tooStrong }: Bracket, count: number): number[] {
  const isOpen = tooStrong > 1;
  const gap = (Math.min(1, tooStrong) - tooWeak) / (isOpen ? count : count + 1);
  return Array.from({ length: count }, (_, i) => tooWeak + gap * (count - i));
}

/** The bracket narrowed by the verdict on one level. */
export function narrowed(bracket: Bracket, level: number, verdict: Verdict): Bracket {
  return verdict === 'ssimTooLow'
    ? { ...bracket, tooStrong: Math.min(bracket.tooStrong, level) }
    : { ...bracket, tooWeak: Math.max(bracket.tooWeak, level) };
}

/** True when no level is left between too weak and too strong; then another start must be tried. */
export function isExhausted({ tooWeak, tooStrong }: Bracket): boolean {
  return Math.min(1, tooStrong) - tooWeak < NARROW;
}
