import type { Light } from '../light/sceneNumbers.ts';

/**
 * Linear sRGB of a black body, its largest channel 1: Planck's law through the CIE 1931 observer, as the cubic fit of the
 * locus by Kim et al. (2002), 1,700 to 15,000 K.
 */
export function blackBody(kelvin: number): Light {
  const t = 1e3 / kelvin;
  const x =
    kelvin < 4000
      ? ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.17991
      : ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.24039;
  const y =
    kelvin < 2222
      ? ((-1.1063814 * x - 1.3481102) * x + 2.18555832) * x - 0.20219683
      : kelvin < 4000
        ? ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
        : ((3.081758 * x - 5.8733867) * x + 3.75112997) * x - 0.37001483;
  const [bigX, bigZ] = [x / y, (1 - x - y) / y];
  const rgb = [
    3.2406 * bigX - 1.5372 - 0.4986 * bigZ,
    -0.9689 * bigX + 1.8758 + 0.0415 * bigZ,
    0.0557 * bigX - 0.204 + 1.057 * bigZ,
  ].map((value) => Math.max(0, value));
  const most = Math.max(...rgb);
  return rgb.map((value) => value / most) as unknown as Light;
}
