import type { ElementName } from '../bank/elements.ts';
import { fog, groundMist } from './air/fog.ts';
import type { RenderedElement } from './renderedElement.ts';

/** Every element that can be drawn. One that is not here must not be planned. */
export const RENDERERS: Readonly<Partial<Record<ElementName, RenderedElement>>> = {
  fog,
  'ground-mist': groundMist,
};

export const isRendered = (element: ElementName) => RENDERERS[element] !== undefined;
