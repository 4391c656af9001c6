/** How a few steps are laid over the training timesteps (Lin et al. 2024, arXiv 2305.08891, table 2). */
export type TimestepSpacing = 'leading' | 'trailing' | 'linspace';

export interface Spacing {
  readonly spacing: TimestepSpacing;
  readonly steps: number;
  /** T: sampling runs from about T − 1 down. The authors' code lowers it below the schedule's 1000 to start later. */
  readonly trainTimesteps: number;
}

/** Added to `leading` timesteps in Stable Diffusion's scheduler config. */
const STEPS_OFFSET = 1;

/** NumPy's round: halves go to the even neighbour. */
function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function checked({ steps, trainTimesteps }: Spacing): void {
  if (!Number.isInteger(steps) || steps < 1 || steps >= trainTimesteps) {
    throw new RangeError(
      `Expected 1 … ${trainTimesteps - 1} steps over ${trainTimesteps} timesteps but received ${steps}.`,
    );
  }
}

const descending = (steps: number, at: (i: number) => number) =>
  Array.from({ length: steps }, (_, i) => roundHalfEven(at(i)));

/** Timesteps in sampling order as diffusers' DDIMScheduler spaces them. @throws RangeError for impossible steps */
export function ddimTimesteps(spacing: Spacing): number[] {
  checked(spacing);
  const { steps, trainTimesteps: last } = spacing;
  switch (spacing.spacing) {
    case 'leading':
      return descending(steps, (i) => (steps - 1 - i) * Math.floor(last / steps) + STEPS_OFFSET);
    case 'trailing': {
      // As NumPy's arange computes it, rounding error included: that decides which way exact halves round.
      const stride = last - (last - last / steps);
      return descending(steps, (i) => last - i * stride).map((t) => t - 1);
    }
    case 'linspace':
      return descending(
        steps,
        (i) => (last - 1) * (steps === 1 ? 0 : (steps - 1 - i) / (steps - 1)),
      );
  }
}

/** Timesteps as diffusers' DPMSolverMultistepScheduler spaces them: one more point than steps, the last is clean. */
export function dpmSolverTimesteps(spacing: Spacing): number[] {
  checked(spacing);
  const { steps, trainTimesteps: last } = spacing;
  switch (spacing.spacing) {
    case 'leading':
      return descending(steps, (i) => (steps - i) * Math.floor(last / (steps + 1)) + STEPS_OFFSET);
    case 'trailing':
      return ddimTimesteps(spacing);
    case 'linspace':
      return descending(steps, (i) => ((last - 1) * (steps - i)) / steps);
  }
}
