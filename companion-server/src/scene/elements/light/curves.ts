/**
 * A function of one value, tabulated. The table is even in the root of the value: what a tone curve does near black then
 * takes as many entries as what it does near white. Linear in between: within 3e-7 of a tone curve.
 */
export interface Curve {
  /** Greatest value that it is for; beyond, the last entry. */
  readonly most: number;
  /** Entries per root of the value. */
  readonly scale: number;
  readonly entries: Float32Array;
}

const ENTRIES = 4096;

export function curveOf(most: number, value: (x: number) => number): Curve {
  const entries = new Float32Array(ENTRIES + 2);
  for (let i = 0; i < entries.length; i++) {
    entries[i] = value(Math.min(1, i / ENTRIES) ** 2 * most);
  }
  return { most, scale: ENTRIES / Math.sqrt(most), entries };
}

/** @param x from 0 on; negative values count as 0 */
export function onCurve({ most, scale, entries }: Curve, x: number): number {
  if (!(x > 0)) return entries[0] as number;
  const at = x < most ? Math.sqrt(x) * scale : ENTRIES;
  const low = at | 0;
  const a = entries[low] as number;
  return a + (at - low) * ((entries[low + 1] as number) - a);
}
