/** Bytes for people: a tiny decoder has megabytes, a Stable Diffusion gigabytes. */
export const bytesText = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
