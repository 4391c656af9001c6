import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fromOkLab, toOkLab } from '../light/okLab.ts';
import { luminancePlane, percentile } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface Calm {
  readonly extent: Extent;
  readonly strength: number;
  readonly stops: number;
  /** Where the picture glares, 0 … 1: too colourful, or too bright against its surroundings. */
  readonly glare: Plane;
  /** Local mean of the logarithm of the light. */
  readonly around: Plane;
}

/** Share of the effect that is applied everywhere, and how much local contrast glaring places lose. */
const EVERYWHERE = 0.2;
const FLATTER = 0.7;

function prepareCalm(
  { extent, light }: SceneView,
  { strength = 0.5, stops = 0.3 }: Record<string, number>,
): Calm {
  const [red, green, blue] = light;
  const luma = luminancePlane(light).map((y) => Math.max(y, 1e-4));
  const colour = red.map((r, i) => {
    const [a, b, c] = [r, green[i] as number, blue[i] as number].map(Math.sqrt) as [
      number,
      number,
      number,
    ];
    return Math.max(a, b, c) - Math.min(a, b, c);
  });
  const usual = percentile(colour, 0.4);
  const wide = blurred(luma, extent, 0.16);
  const raw = colour.map((value, i) => {
    const y = luma[i] as number;
    const above = Math.log2(y / Math.max(0.02, wide[i] as number));
    const bright = smoothstep(0.7, 2.4, above) * smoothstep(0.25, 0.6, y);
    return Math.max(smoothstep(usual + 0.06, usual + 0.42, value), 0.8 * bright);
  });
  const soft = blurred(raw, extent, 0.006);
  const everywhere = EVERYWHERE * strength;
  return {
    extent,
    strength,
    stops,
    glare: raw.map((value, i) => {
      const glare = Math.max(soft[i] as number, 0.6 * value);
      return everywhere + (1 - everywhere) * glare;
    }),
    around: blurred(
      luma.map((y) => Math.log(y)),
      extent,
      0.02,
    ),
  };
}

/** Lowers contrast and chroma where the picture glares. Chroma shrinks in OKLab, where red does not turn pink. */
function renderCalm({ extent, strength, stops, glare, around }: Calm, tile: ElementTile): void {
  const enlarge = enlargedTo(extent, tile);
  const [glares, means] = [enlarge(glare), enlarge(around)];
  const [red, green, blue] = tile.light;
  const lab = new Float64Array(3);
  for (let i = 0; i < red.length; i++) {
    const g = Math.min(1, Math.max(0, glares[i] as number));
    toOkLab(red[i] as number, green[i] as number, blue[i] as number, lab);
    const lightness = lab[0] as number;
    // Lightness is about the cube root of light; its local mean comes from the same.
    const mean = Math.exp((means[i] as number) / 3);
    const ratio = lightness / Math.max(mean, 1e-3);
    const flatter = ratio > 0 ? ratio ** (-FLATTER * strength * g * 0.6) : 1;
    const darker = 2 ** ((-stops * g) / 3);
    const kept = 1 - strength * g;
    const scale = flatter * darker;
    fromOkLab(
      lightness * scale,
      (lab[1] as number) * kept * scale,
      (lab[2] as number) * kept * scale,
      lab,
    );
    red[i] = Math.max(0, lab[0] as number);
    green[i] = Math.max(0, lab[1] as number);
    blue[i] = Math.max(0, lab[2] as number);
  }
}

const calmRenderer: ElementRenderer<Calm> = { prepare: prepareCalm, render: renderCalm };

export const calm = rendered(calmRenderer, [], { overFace: 0.4 });
