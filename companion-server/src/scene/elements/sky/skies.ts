import type { ElementRenderer, SceneView } from '../elementRenderer.ts';
import { airLight } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import {
  type Backdrop,
  backdrop,
  followingGain,
  grainOf,
  newSkyLight,
  oldSkyLight,
} from './backdrop.ts';
import { BACKDROP_MAPS, renderBackdrop } from './renderBackdrop.ts';
import { shrunkView } from './shrunkView.ts';
import { skyDome } from './skyDome.ts';
import { skyFrame, sunAzimuth } from './skyFrame.ts';
import { CUMULUS, OVERCAST, type SkyLook, STORM, SUNSET } from './skyLooks.ts';

/** Pixels of sky for which clouds are computed for a layer: about 0.3 s of one core. */
const CLOUD_PIXELS = 24_000;
/** The same where a plan is only judged, on views whose long side is shorter than this. */
const CLOUD_PIXELS_JUDGED = 8_000;
const JUDGED_SIDE = 480;
const VEIL = 0.22;

export const longSide = ({ extent }: SceneView) => Math.max(extent.width, extent.height);

/** @param strength how far the ground follows the sky; the sky is replaced as a whole */
function behind(whole: SceneView, look: SkyLook, strength: number, seed: number): Backdrop {
  const view = shrunkView(whole);
  const pixels = longSide(whole) < JUDGED_SIDE ? CLOUD_PIXELS_JUDGED : CLOUD_PIXELS;
  const frame = skyFrame(view, pixels, longSide(whole));
  const sky = skyDome(frame, look, sunAzimuth(view, frame), airLight(view), seed);
  const gain = followingGain(
    oldSkyLight(view),
    newSkyLight(view, sky),
    look.ground,
    look.tint,
    look.light,
    strength,
  );
  const ground = {
    gain,
    flatten: look.flatten * strength,
    night: null,
    veil: Math.min(0.3, VEIL * strength),
  };
  return backdrop(view, sky, ground, frame.horizon, grainOf(whole), seed);
}

function sky(look: (parameters: Record<string, number>) => SkyLook) {
  const renderer: ElementRenderer<Backdrop> = {
    prepare: (view, parameters, seed) => {
      const { strength = 1 } = parameters;
      return behind(view, look(parameters), strength, seed);
    },
    render: (prepared, tile) => renderBackdrop(prepared, tile),
  };
  return rendered(renderer, BACKDROP_MAPS, { overFace: 0.6 });
}

export const skyCumulus = sky(({ cover = CUMULUS.clouds.cover }) => ({
  ...CUMULUS,
  clouds: { ...CUMULUS.clouds, cover },
}));
export const skySunset = sky(() => SUNSET);
export const skyOvercast = sky(() => OVERCAST);
export const skyStorm = sky(() => STORM);
