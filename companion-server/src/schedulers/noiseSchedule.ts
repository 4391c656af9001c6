/** ᾱ of every training timestep: how much of the clean latents' power is left there. */
export interface NoiseSchedule {
  readonly alphasCumprod: Float64Array;
}

export interface NoiseScheduleConfig {
  readonly trainTimesteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
}

/** Stable Diffusion's, and so InstructPix2Pix's, EmoEditor's and the starter's. */
export const STABLE_DIFFUSION: NoiseScheduleConfig = {
  trainTimesteps: 1000,
  betaStart: 0.00085,
  betaEnd: 0.012,
};

/** `scaled_linear`: √β rises linearly. */
export function scaledLinearSchedule(
  config: NoiseScheduleConfig = STABLE_DIFFUSION,
): NoiseSchedule {
  const { trainTimesteps, betaStart, betaEnd } = config;
  const alphasCumprod = new Float64Array(trainTimesteps);
  const first = Math.sqrt(betaStart);
  const slope = (Math.sqrt(betaEnd) - first) / (trainTimesteps - 1);
  let product = 1;
  for (let t = 0; t < trainTimesteps; t++) {
    product *= 1 - (first + slope * t) ** 2;
    alphasCumprod[t] = product;
  }
  return { alphasCumprod };
}

/** √ᾱ and √(1 − ᾱ) at a timestep. @throws RangeError outside the schedule */
export function noiseLevel(
  { alphasCumprod }: NoiseSchedule,
  timestep: number,
): { readonly alpha: number; readonly sigma: number } {
  const power = alphasCumprod[timestep];
  if (power === undefined) {
    throw new RangeError(
      `Expected a timestep of 0 … ${alphasCumprod.length - 1} but received ${timestep}.`,
    );
  }
  return { alpha: Math.sqrt(power), sigma: Math.sqrt(1 - power) };
}
