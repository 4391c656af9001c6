import type { ElementName } from '../bank/elements.ts';
import { fog, groundMist } from './air/fog.ts';
import { lowSun } from './lighting/lowSun.ts';
import { nightWindows } from './lighting/night.ts';
import { shadowBlinds, shadowBranches, shadowDapple } from './lighting/shadows.ts';
import type { RenderedElement } from './renderedElement.ts';

/** Every element that can be drawn. One that is not here must not be planned. */
export const RENDERERS: Readonly<Partial<Record<ElementName, RenderedElement>>> = {
  'low-sun': lowSun,
  'night-windows': nightWindows,
  'shadow-branches': shadowBranches,
  'shadow-dapple': shadowDapple,
  'shadow-blinds': shadowBlinds,
  fog,
  'ground-mist': groundMist,
};

export const isRendered = (element: ElementName) => RENDERERS[element] !== undefined;
