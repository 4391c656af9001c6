/**
 * Per cent of pixels with a channel within a level of an end of its range, where detail is lost. Of an edit less that of
 * its source: the points of pixels that were clipped by it.
 */
export function shareClipped(rgb: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const [red, green, blue] = [rgb[i] as number, rgb[i + 1] as number, rgb[i + 2] as number];
    if (Math.min(red, green, blue) <= 1 || Math.max(red, green, blue) >= 254) count += 1;
  }
  return (300 * count) / rgb.length;
}
