import { smoothstep } from '../../../compositor/planes.ts';
import { hash01, valueNoise } from '../light/noise.ts';
import type { Place } from '../light/sceneNumbers.ts';

/** Ferns of ice: each cell of a lattice is a feather with an axis of its own. */
export interface Ferns {
  /** Side of a cell, as a share of the long side. */
  readonly size: number;
  /** Range of the lattice that is computed: the first cell, and how many. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  /** [rows · columns][5]: place of the root in cells, cosine and sine of the axis, id 0 … 1. */
  readonly cells: Float32Array;
  readonly seed: number;
}

const VALUES = 5;
/** Cells around the picture that may still reach into it. */
const MARGIN = 3;

/** Feathers that point inwards, more or less. @param width of the picture in shares of the long side */
export function fernsOn(width: number, height: number, size: number, seed: number): Ferns {
  const centre: Place = { x: width / 2 / size, y: height / 2 / size };
  const columns = Math.ceil(width / size) + 2 * MARGIN;
  const rows = Math.ceil(height / size) + 2 * MARGIN;
  const cells = new Float32Array(columns * rows * VALUES);
  for (let i = 0; i < columns * rows; i++) {
    const x = (i % columns) - MARGIN;
    const y = Math.floor(i / columns) - MARGIN;
    const [px, py] = [x + hash01(x, y, seed), y + hash01(x, y, seed + 1)];
    const inwards = Math.atan2(centre.y - py, centre.x - px);
    const axis = inwards + (hash01(x, y, seed + 2) - 0.5) * 1.9;
    cells.set([px, py, Math.cos(axis), Math.sin(axis), hash01(x, y, seed + 3)], i * VALUES);
  }
  return { size, left: -MARGIN, top: -MARGIN, columns, rows, cells, seed };
}

/** A feather sampled at one place. */
export interface Ice {
  /** 0 … about 1.2 */
  pattern: number;
  /** How much the barbs rise along the axis here. */
  slope: number;
  id: number;
}

/**
 * Barbs leave the axis at 60 degrees: they are ridges of noise over the coordinate c = u − |v| / tan 60°, thinner
 * across; a spine runs along the axis.
 * @param x place in cells, already displaced a little, as `y`
 * @param pixel of the document, in cells: barbs below two pixels are left out
 */
export function iceAt(ferns: Ferns, x: number, y: number, pixel: number, out: Ice): void {
  const { cells, columns, rows, left, top, seed } = ferns;
  const cx = Math.min(columns - 2, Math.max(1, Math.floor(x) - left));
  const cy = Math.min(rows - 2, Math.max(1, Math.floor(y) - top));
  let best = 1e9;
  let along = 0;
  let across = 0;
  let id = 0;
  for (let row = cy - 1; row <= cy + 1; row++) {
    for (let column = cx - 1; column <= cx + 1; column++) {
      const at = (row * columns + column) * VALUES;
      const dx = x - (cells[at] as number);
      const dy = y - (cells[at + 1] as number);
      const cos = cells[at + 2] as number;
      const sin = cells[at + 3] as number;
      const u = dx * cos + dy * sin;
      const v = dy * cos - dx * sin;
      // Anisotropic distance: cells are longer along the feather's axis.
      const distance = 0.3 * u * u + 1.56 * v * v;
      if (distance < best) {
        best = distance;
        along = u;
        across = Math.abs(v);
        id = cells[at + 4] as number;
      }
    }
  }
  out.id = id;
  feather(out, along, across, Math.sqrt(best), pixel, seed);
}

function feather(out: Ice, u: number, v: number, away: number, pixel: number, seed: number): void {
  const shift = 37 * out.id;
  const c = u - 0.577 * v;
  const coarse = valueNoise(22 * c + shift, 3 * v + shift, seed + 7);
  const next = valueNoise(22 * (c + 0.01) + shift, 3 * v + shift, seed + 7);
  out.slope = Math.abs(2 * coarse - 1) - Math.abs(2 * next - 1);
  const isFine = pixel * 58 < 0.5;
  const fine = isFine ? valueNoise(58 * c + shift, 9 * v + 9 + shift, seed + 8) : 0.5;
  const ridge = Math.abs(2 * (0.55 * coarse + 0.45 * fine) - 1);
  const barb = 1 - Math.sqrt(ridge) * Math.sqrt(Math.sqrt(ridge));
  const c2 = u + 0.577 * v;
  const sub =
    pixel * 80 < 0.5
      ? 1 - Math.abs(2 * valueNoise(80 * c2 + shift, 46 * c + shift, seed + 9) - 1)
      : 0.5;
  const thin = v / 0.018;
  const spine = thin < 3 ? Math.exp(-thin * thin) * smoothstep(0.75, 0.2, Math.abs(u)) : 0;
  const pattern = 0.34 * barb + 0.62 * sub * barb + 0.1 * sub + 0.45 * spine;
  const edge = Math.min(1, Math.max(0, away - 0.25));
  out.pattern = Math.min(1.2, pattern) * (1 - 0.35 * edge);
}
