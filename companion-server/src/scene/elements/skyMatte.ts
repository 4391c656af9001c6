import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../compositor/planes.ts';
import type { LightPlanes, SceneView } from './elementRenderer.ts';
import { blurred } from './light/blur.ts';
import { srgbTone } from './light/documentLight.ts';
import { enlargedTo } from './light/enlarge.ts';
import { shrinkingTo } from './light/shrink.ts';

/** How far the sky's colour is carried to places where it is not seen: near ones count most. Shares of the long side. */
const SPREADS = [
  [0.02, 1],
  [0.075, 0.02],
  [0.27, 0.0004],
] as const;
/** Long side that is enough for it: the nearest spread is then that of three pixels. */
const SPREAD_SIDE = 160;
/** Map value from which a place is sky for certain. */
const SURE = 0.9;
/** Map value up to which nothing is sky, whatever its colour. */
export const UNSEEN = 0.03;
/** Difference of colour, in tones, up to which a pixel is sky, and from which it is not. */
const ALIKE = [0.1, 0.26] as const;
/** The same where the map is sure of the sky, for what stands out from it: wires, poles, birds; not clouds. */
const FOREIGN = [0.35, 0.55] as const;
/** Map values between which white or blue pixels change from foreground to clouds and the blue between them. */
const CLOUD = [0.4, 0.7] as const;

/**
 * Colour that the sky has around every place, in tones of sRGB; null without a sky.
 * @param rgb planar [3, H, W]
 * @param sky the scene's map of the same extent
 */
export function skyColour(rgb: Float32Array, sky: Plane, extent: Extent): LightPlanes | null {
  const sure = sky.map((value) => (value > SURE ? 1 : 0));
  if (sure.reduce((sum, value) => sum + value, 0) < 0.004 * sky.length) return null;
  const { extent: small, shrink } = shrinkingTo(SPREAD_SIDE, extent);
  const place = { bounds: { left: 0, top: 0, ...extent }, extent };
  const enlarge = enlargedTo(small, place);
  const spreadOf = (plane: Plane) => SPREADS.map(([spread]) => blurred(plane, small, spread));
  const weights = spreadOf(shrink(sure));
  return [0, 1, 2].map((k) => {
    const seen = sure.map((value, i) => value * (rgb[k * sky.length + i] as number));
    const colours = spreadOf(shrink(seen));
    const mean = Float32Array.from({ length: small.width * small.height }, (_, i) => {
      let [sum, total] = [0, 1e-9];
      for (const [n, [, weight]] of SPREADS.entries()) {
        sum += weight * ((colours[n] as Plane)[i] as number);
        total += weight * ((weights[n] as Plane)[i] as number);
      }
      return sum / total;
    });
    return enlarge(mean);
  }) as unknown as LightPlanes;
}

/**
 * Where the map is unsure, near the borders of the sky, colour decides: what has the sky's colour is sky. This
 * separates twigs and gaps between leaves, which the map is too coarse to show.
 * @param sky 0 … 1, changed in place
 * @param tones the picture's, in sRGB
 * @param colour of the sky around, see {@link skyColour}
 */
export function matteSky(sky: Plane, tones: LightPlanes, colour: LightPlanes): void {
  const [red, green, blue] = tones;
  const [skyRed, skyGreen, skyBlue] = colour;
  for (let i = 0; i < sky.length; i++) {
    const prior = sky[i] as number;
    if (prior <= UNSEEN) continue;
    const r = red[i] as number;
    const g = green[i] as number;
    const b = blue[i] as number;
    const dr = r - (skyRed[i] as number);
    const dg = g - (skyGreen[i] as number);
    const db = b - (skyBlue[i] as number);
    const apart = Math.max(Math.abs(dr), Math.abs(dg), Math.abs(db)) + 0.2 * Math.abs(dr + dg + db);
    const unsure = smoothstep(UNSEEN, 0.2, prior) * (1 - smoothstep(0.93, 0.995, prior));
    const white = smoothstep(0.5, 0.75, Math.min(r, g, b));
    const bluish = smoothstep(0.06, 0.16, Math.min(b - r, 2 * (b - g) + 0.06));
    // Clouds and the blue between them may differ from the sky's colour around. The map does not mark white walls and
    // snow as sky.
    const cloud = Math.max(white, bluish);
    const alike = Math.max(
      cloud * smoothstep(CLOUD[0], CLOUD[1], prior),
      1 - smoothstep(ALIKE[0], ALIKE[1], apart),
    );
    const foreign = smoothstep(FOREIGN[0], FOREIGN[1], apart) * (1 - cloud);
    sky[i] = (prior + unsure * (alike - prior)) * (1 - foreign);
  }
}

/**
 * What has the colour of the sky above the horizon, whatever the map says, such as sky seen through an arch. Dirt and
 * cracks are kept off it.
 * @param horizon row in shares of the long side
 * @returns 0 … 1, null without a sky
 */
export function skyLike(
  { light, extent, skyColour: colour }: SceneView,
  horizon: number,
): Plane | null {
  if (colour === null) return null;
  const [red, green, blue] = light;
  const side = Math.max(extent.width, extent.height);
  return red.map((r, i) => {
    if ((Math.floor(i / extent.width) + 0.5) / side > horizon) return 0;
    const apart = [r, green[i] as number, blue[i] as number].map((value, k) =>
      Math.abs(srgbTone(value) - ((colour[k] as Plane)[i] as number)),
    );
    return 1 - smoothstep(ALIKE[0], ALIKE[1], Math.max(...apart));
  });
}
