import type { Box, Layout } from './panelLayout.ts';

/** Pixels by which a part may be elsewhere or larger: letters are some per cent wider on another machine. */
const NEAR = 8;
/** The same for how far down it lies: what lies above adds up. */
const NEAR_DOWN = 14;
/** Of 15 steps of grey: mean over a picture. */
const MEAN_STEPS = 0.8;

/** How a layout differs from the one that was looked at, in sentences; none where it is the same but for letters. */
export function differences(now: Layout, before: Layout): string[] {
  const found = [...now.overflow];
  const names = (layout: Layout) => layout.parts.map((part) => part.split(' ')[0]).join(' ');
  if (names(now) !== names(before)) {
    return [...found, `has other parts: ${names(now)} in place of ${names(before)}`];
  }
  for (const [at, part] of now.parts.entries()) {
    const other = before.parts[at] as string;
    if (!isNear(boxOf(part), boxOf(other))) found.push(`${part} was ${other}`);
  }
  for (const [theme, picture] of Object.entries(now.pictures)) {
    const steps = meanSteps(picture, before.pictures[theme] ?? '');
    if (steps > MEAN_STEPS) found.push(`looks different in ${theme}: ${steps.toFixed(2)} of 15`);
  }
  return found;
}

function boxOf(part: string): Box {
  const [, left, top, width, height] = part.split(' ').map(Number);
  return [left as number, top as number, width as number, height as number];
}

const isNear = (one: Box, other: Box): boolean =>
  one.every((value, at) => Math.abs(value - (other[at] as number)) <= (at % 2 ? NEAR_DOWN : NEAR));

/** Mean difference of what both have; a picture that is a row higher on another machine is no other picture. */
function meanSteps(one: string, other: string): number {
  const [rows, others] = [one.split('/'), other.split('/')];
  let [sum, count] = [0, 0];
  for (const [y, row] of rows.entries()) {
    const beside = others[y] ?? '';
    for (let x = 0; x < Math.min(row.length, beside.length); x += 1) {
      sum += Math.abs(
        Number.parseInt(row[x] as string, 16) - Number.parseInt(beside[x] as string, 16),
      );
      count += 1;
    }
  }
  return count === 0 ? 15 : sum / count;
}
