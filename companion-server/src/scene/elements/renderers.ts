import type { ElementName } from '../bank/elements.ts';
import { fog, groundMist } from './air/fog.ts';
import { lightShafts } from './air/lightShafts.ts';
import { smoke } from './air/smoke.ts';
import { leaves, petals } from './drift/cards.ts';
import { film } from './film/film.ts';
import { frost } from './glass/frost.ts';
import { rainOnPane } from './glass/rainOnPane.ts';
import { bloom } from './lens/bloom.ts';
import { bokeh } from './lens/bokeh.ts';
import { calm } from './lighting/calm.ts';
import { lowSun } from './lighting/lowSun.ts';
import { nightWindows } from './lighting/night.ts';
import { shadowBlinds, shadowBranches, shadowDapple } from './lighting/shadows.ts';
import { torch } from './lighting/torch.ts';
import { vignetteLight } from './lighting/vignetteLight.ts';
import type { RenderedElement } from './renderedElement.ts';
import { darkBranches } from './silhouettes/darkBranches.ts';
import { bats, birds } from './silhouettes/flock.ts';
import { aurora } from './sky/aurora.ts';
import { lightning } from './sky/lightning.ts';
import { moon } from './sky/moon.ts';
import { rainbow } from './sky/rainbow.ts';
import { skyCumulus, skyOvercast, skyStorm, skySunset } from './sky/skies.ts';
import { stars } from './sky/stars.ts';
import { embers } from './sparks/embers.ts';
import { fireflies } from './sparks/fireflies.ts';
import { fireworks } from './sparks/fireworks.ts';
import { cracks } from './surface/cracks.ts';
import { grime } from './surface/grime.ts';
import { wetGround } from './surface/wetGround.ts';
import { rain } from './weather/rain.ts';
import { snow } from './weather/snow.ts';

/** Every element that can be drawn. One that is not here must not be planned. */
export const RENDERERS: Readonly<Partial<Record<ElementName, RenderedElement>>> = {
  grime,
  cracks,
  'wet-ground': wetGround,
  'low-sun': lowSun,
  'night-windows': nightWindows,
  'shadow-branches': shadowBranches,
  'shadow-dapple': shadowDapple,
  'shadow-blinds': shadowBlinds,
  torch,
  'vignette-light': vignetteLight,
  calm,
  'sky-cumulus': skyCumulus,
  'sky-sunset': skySunset,
  'sky-overcast': skyOvercast,
  'sky-storm': skyStorm,
  stars,
  aurora,
  moon,
  lightning,
  rainbow,
  birds,
  bats,
  fog,
  'ground-mist': groundMist,
  smoke,
  'light-shafts': lightShafts,
  rain,
  snow,
  petals,
  leaves,
  fireflies,
  fireworks,
  embers,
  'dark-branches': darkBranches,
  bloom,
  bokeh,
  'rain-on-pane': rainOnPane,
  frost,
  film,
};

export const isRendered = (element: ElementName) => RENDERERS[element] !== undefined;
