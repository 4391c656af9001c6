/**
 * 1 − cosine of what two pictures are in a network's last block, averaged over its pixels: what CLIP-I and DINO-I are
 * for other networks. A figure of this predictor's own, no substitute for theirs.
 */
export function featureDistance(source: Float32Array, edit: Float32Array): number {
  let [both, one, other] = [0, 0, 0];
  for (let i = 0; i < source.length; i++) {
    const [a, b] = [source[i] as number, edit[i] as number];
    both += a * b;
    one += a * a;
    other += b * b;
  }
  return 1 - both / Math.sqrt(one * other);
}
