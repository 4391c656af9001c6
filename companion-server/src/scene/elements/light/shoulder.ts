/** Where added light begins to roll off, and the value that it never passes: 252 of 255 in sRGB. */
const KNEE = 0.78;
const CEILING = 0.972;
/** The same for light that is removed: 2.5 % of a stop above black, so that shadows keep their last tones. */
const TOE = 0.0045;
const FLOOR = 0.0013;

/**
 * Keeps a changed colour inside the displayable range. Only the change is compressed: an unchanged light stays
 * bit-identical.
 * @param before linear light of one channel, 0 … 1
 * @param after the same after an element, from 0 on
 */
export function shouldered(before: number, after: number): number {
  // The common cases, small enough to be inlined.
  if (after > before ? after <= KNEE : after >= TOE) return after;
  return after > before ? rolledOff(before, after) : lifted(before, after);
}

function rolledOff(before: number, after: number): number {
  const bent = rollOff(after);
  if (before <= KNEE) return bent;
  if (before >= CEILING) return before;
  const start = rollOff(before);
  return before + ((bent - start) * (CEILING - before)) / (CEILING - start);
}

function lifted(before: number, after: number): number {
  const bent = FLOOR + (TOE - FLOOR) * Math.exp((after - TOE) / (TOE - FLOOR));
  return bent < before ? bent : before;
}

const rollOff = (light: number) =>
  KNEE + (CEILING - KNEE) * (1 - Math.exp(-(light - KNEE) / (CEILING - KNEE)));
