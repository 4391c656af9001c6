/** The content: the arithmetic of `src/compositor/tile/contentRow.ts` and `contentGrain.ts`. */
import { clampIndex } from '../border';
import { Job, MAP } from './job';

const zero = f32x4.splat(0);
const one = f32x4.splat(1);

/** The maps at one height, for the columns that the tile reads. False when no content is near. */
export function interpolateMaps(job: Job, row: i32): bool {
  const first = load<i32>(job.rowMap + (<usize>row << 2));
  const weights = job.rowWeights + (<usize>row << 4);
  const w0 = v128.load_splat<f32>(weights);
  const w1 = v128.load_splat<f32>(weights + 4);
  const w2 = v128.load_splat<f32>(weights + 8);
  const w3 = v128.load_splat<f32>(weights + 12);
  const rowBytes = <usize>job.mapWidth * MAP;
  const row0 = job.maps + <usize>clampIndex(first, job.mapHeight) * rowBytes;
  const row1 = job.maps + <usize>clampIndex(first + 1, job.mapHeight) * rowBytes;
  const row2 = job.maps + <usize>clampIndex(first + 2, job.mapHeight) * rowBytes;
  const row3 = job.maps + <usize>clampIndex(first + 3, job.mapHeight) * rowBytes;
  const reach = job.reach + <usize>(clampIndex(first + 1, job.mapHeight) * job.mapWidth);
  let reached = false;
  for (let column = 0; column < job.mapCount; column++) {
    const x = clampIndex(job.firstMap + column, job.mapWidth);
    if (load<u8>(reach + <usize>x)) reached = true;
  }
  if (!reached) return false;
  for (let column = 0; column < job.mapCount; column++) {
    const x = <usize>clampIndex(job.firstMap + column, job.mapWidth) * MAP;
    const to = job.mapLine + <usize>column * MAP;
    for (let at: usize = 0; at < MAP; at += 16) {
      let sum = f32x4.mul(w0, v128.load(row0 + x + at));
      sum = f32x4.add(sum, f32x4.mul(w1, v128.load(row1 + x + at)));
      sum = f32x4.add(sum, f32x4.mul(w2, v128.load(row2 + x + at)));
      sum = f32x4.add(sum, f32x4.mul(w3, v128.load(row3 + x + at)));
      v128.store(to + at, sum);
    }
  }
  return true;
}

@inline
function spline(line: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(w0, v128.load(line)), f32x4.mul(w1, v128.load(line + MAP))),
    f32x4.add(f32x4.mul(w2, v128.load(line + 2 * MAP)), f32x4.mul(w3, v128.load(line + 3 * MAP))),
  );
}

/** The grain kept when source detail is replaced: `contentGrain.ts`. */
@inline
function keptGrain(detail: v128, position: i32, sigma: f32, core: f32): v128 {
  const square = f32x4.mul(f32x4.mul(detail, detail), f32x4.splat(core));
  const inner = f32x4.pmax(zero, f32x4.sub(one, square));
  const share = f32x4.mul(inner, inner);
  const rest = f32x4.sqrt(f32x4.pmax(zero, f32x4.sub(one, f32x4.mul(share, share))));
  const noise = f32x4.splat(sigma * noiseAt(position));
  return f32x4.add(f32x4.mul(detail, share), f32x4.mul(noise, rest));
}

/** Mean 0, variance 1. */
@inline
function noiseAt(position: i32): f32 {
  let h = position;
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  h ^= h >>> 16;
  const bytes = (h & 0xff) + ((h >>> 8) & 0xff) + ((h >>> 16) & 0xff) + (h >>> 24);
  return <f32>(bytes - 510) * (1.0 / 147.80053);
}

/** The content's change on top of the grade's: M · (r − (1 − w)·(G − s − grain)). */
@inline
export function content(
  line: usize,
  weights: usize,
  luma: f32,
  color: v128,
  delta: v128,
  position: i32,
  job: Job,
): v128 {
  const maskFloor = job.maskFloor;
  const w0 = v128.load_splat<f32>(weights);
  const w1 = v128.load_splat<f32>(weights + 4);
  const w2 = v128.load_splat<f32>(weights + 8);
  const w3 = v128.load_splat<f32>(weights + 12);
  const base = spline(line, w0, w1, w2, w3);
  const slope = spline(line + 16, w0, w1, w2, w3);
  const graded = spline(line + 32, w0, w1, w2, w3);
  const linear = f32x4.extract_lane(slope, 3) * luma + f32x4.extract_lane(graded, 3);
  if (linear <= maskFloor) return delta;
  const mask = min<f32>(1, (linear - maskFloor) / (1 - 2 * maskFloor));
  const lost = f32x4.splat(f32x4.extract_lane(base, 3));
  const residual = f32x4.add(base, f32x4.mul(slope, f32x4.splat(luma)));
  const detail = f32x4.sub(f32x4.add(color, delta), graded);
  let removed = detail;
  if (job.grain > 0) {
    removed = f32x4.sub(detail, keptGrain(detail, position, job.grain, job.grainCore));
  }
  const change = f32x4.sub(residual, f32x4.mul(lost, removed));
  return f32x4.replace_lane(f32x4.add(delta, f32x4.mul(f32x4.splat(mask), change)), 3, 0);
}
