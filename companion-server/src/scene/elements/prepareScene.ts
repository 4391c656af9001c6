import type { Plane } from '../../compositor/planes.ts';
import { ELEMENT_NAMES, type ElementName } from '../bank/elements.ts';
import type { DrawablePlan, PlannedElement } from '../drawablePlan.ts';
import { SCENE_MAPS, type SceneMapName, shareOf } from '../maps/sceneMaps.ts';
import { drawElement } from './drawElement.ts';
import type { LightPlanes, SceneView } from './elementRenderer.ts';
import { shouldered } from './light/shoulder.ts';
import type { PreparedElement, PreparedScene } from './preparedScene.ts';
import { RENDERERS } from './renderers.ts';
import { SceneError } from './sceneError.ts';

/** Least share of the picture that faces, or persons, must cover for elements to spare them. */
const THERE = 2e-4;

/**
 * Looks at the scene once for every element of a plan, each on the picture as the ones before it leave it.
 * @param view the graded picture; its maps as large as it
 * @throws SceneError NOT_RENDERED for an element that cannot be drawn, BAD_VIEW for maps of another size
 */
export function prepareScene(view: SceneView, plan: DrawablePlan): PreparedScene {
  return renderScene(view, plan).prepared;
}

/** The plan prepared, and how it looks at the size of the view: a preview without a tile. */
export function renderScene(
  view: SceneView,
  plan: DrawablePlan,
): { readonly prepared: PreparedScene; readonly light: LightPlanes } {
  checkView(view);
  const { extent, maps, skyColour } = view;
  const people = {
    faces: shareOf(maps.planes.face) > THERE,
    persons: shareOf(maps.planes.person) > THERE,
  };
  const light = view.light.map((plane) => plane.slice()) as unknown as LightPlanes;
  const tile = {
    bounds: { left: 0, top: 0, ...extent },
    extent,
    light,
    map: (name: SceneMapName) => maps.planes[name],
  };
  const elements = inOrder(plan.elements).map((planned) => {
    const { element, parameters, seed, strength } = planned;
    const entry = renderedOf(element);
    const seen = { extent, maps, light, skyColour };
    const prepared: unknown = entry.renderer.prepare(seen, parameters, seed);
    const drawn: PreparedElement = { element, strength, prepared };
    drawElement(entry, drawn, tile, 1, people);
    return drawn;
  });
  for (const [k, plane] of light.entries()) {
    const before = view.light[k] as Plane;
    for (let i = 0; i < plane.length; i++) {
      const [from, to] = [before[i] as number, plane[i] as number];
      if (from !== to) plane[i] = shouldered(from, to);
    }
  }
  const asked = new Set<SceneMapName>(elements.flatMap(({ element }) => renderedOf(element).maps));
  if (people.faces) asked.add('face');
  if (people.persons) asked.add('person');
  const planes = Object.fromEntries([...asked].map((name) => [name, maps.planes[name]]));
  const seenMaps = { extent, guide: maps.guide, planes, skyColour };
  return { prepared: { elements, maps: seenMaps, people }, light };
}

/** Back to front, in the order of the bank's table. */
const inOrder = (elements: readonly PlannedElement[]) =>
  elements.toSorted((a, b) => ELEMENT_NAMES.indexOf(a.element) - ELEMENT_NAMES.indexOf(b.element));

function renderedOf(element: ElementName) {
  const entry = RENDERERS[element];
  if (entry !== undefined) return entry;
  throw new SceneError(
    'NOT_RENDERED',
    `Expected elements that can be drawn (${Object.keys(RENDERERS).join(', ')}) but the plan has “${element}”.`,
    'Choose another instruction.',
  );
}

function checkView({ extent, light, maps }: SceneView): void {
  const pixels = extent.width * extent.height;
  const lengths = [...light, ...SCENE_MAPS.map((name) => maps.planes[name]), maps.guide];
  if (lengths.every(({ length }) => length === pixels)) return;
  throw new SceneError(
    'BAD_VIEW',
    `Expected a picture and maps of ${extent.width}×${extent.height} but the maps are ${maps.extent.width}×${maps.extent.height}.`,
    'Make the view with sceneView.',
  );
}
