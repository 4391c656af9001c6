/**
 * Peak signal-to-noise ratio in dB of two 8-bit pictures, over all channels, as
 * skimage.metrics.peak_signal_noise_ratio computes it; infinite for equal ones.
 */
export function psnr(source: Uint8Array, edit: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < source.length; i++) sum += ((source[i] as number) - (edit[i] as number)) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / source.length));
}
