import type { ElementTile, LightPlanes } from './elementRenderer.ts';
import { luminance } from './light/sceneNumbers.ts';
import type { PreparedElement } from './preparedScene.ts';
import type { RenderedElement } from './renderedElement.ts';

/** Greatest change of a face's colour against its brightness, as a share of its luminance. */
const SKIN_LIMIT = 0.16;

/**
 * Draws one element on a tile: as strong as asked, gentler over persons and faces.
 * @param share 0 leaves the tile as it is, to the last bit
 * @param people whether faces and persons are in the picture at all
 */
export function drawElement(
  element: RenderedElement,
  { prepared, strength }: PreparedElement,
  tile: ElementTile,
  share: number,
  people: { readonly faces: boolean; readonly persons: boolean },
): void {
  const amount = Math.min(1, share * strength);
  if (amount === 1 && !people.faces && !people.persons) {
    element.renderer.render(prepared as never, tile);
    return;
  }
  const before = tile.light.map((plane) => plane.slice()) as unknown as LightPlanes;
  element.renderer.render(prepared as never, tile);
  const kept = new Float32Array(before[0].length).fill(amount);
  if (people.faces) weaken(kept, tile.map('face'), element.overFace);
  if (people.persons) weaken(kept, tile.map('person'), element.overPerson);
  for (const [k, plane] of tile.light.entries()) {
    const from = before[k] as Float32Array;
    for (let i = 0; i < plane.length; i++) {
      const old = from[i] as number;
      plane[i] = old + (kept[i] as number) * ((plane[i] as number) - old);
    }
  }
  if (people.faces) limitSkin(before, tile.light, tile.map('face'));
}

function weaken(kept: Float32Array, where: Float32Array, left: number): void {
  if (left === 1) return;
  for (let i = 0; i < kept.length; i++) {
    kept[i] = (kept[i] as number) * (1 - (1 - left) * (where[i] as number));
  }
}

/**
 * A face may become lighter, darker and greyer, as in fog; its colour may change by little otherwise. In place. Without
 * the grey, fog over a face in blue light would be light of that blue.
 */
function limitSkin(before: LightPlanes, light: LightPlanes, face: Float32Array): void {
  const [red, green, blue] = light;
  const [r0, g0, b0] = before;
  for (let i = 0; i < face.length; i++) {
    const share = face[i] as number;
    if (share <= 0) continue;
    const r = red[i] as number;
    const g = green[i] as number;
    const b = blue[i] as number;
    const old = luminance(r0[i] as number, g0[i] as number, b0[i] as number);
    const now = luminance(r, g, b);
    const scale = 1 / Math.max(old, 1e-4);
    const ur = (r0[i] as number) * scale - 1;
    const ug = (g0[i] as number) * scale - 1;
    const ub = (b0[i] as number) * scale - 1;
    const along = ur * (r - now) + ug * (g - now) + ub * (b - now);
    // 1 where the colour is as strong as before, 0 where it is grey.
    const colour = Math.min(
      1,
      Math.max(0, along / Math.max(now * (ur * ur + ug * ug + ub * ub), 1e-9)),
    );
    const dr = r - now * (1 + colour * ur);
    const dg = g - now * (1 + colour * ug);
    const db = b - now * (1 + colour * ub);
    const change = Math.max(Math.abs(dr), Math.abs(dg), Math.abs(db));
    const most = SKIN_LIMIT * now;
    if (change <= most) continue;
    const back = share * (1 - most / change);
    red[i] = r - back * dr;
    green[i] = g - back * dg;
    blue[i] = b - back * db;
  }
}
