import { EMOTIONS } from '@emoeditor/shared';
import type { LayerNode } from './layerTree.ts';

/** Names that results are given by the command line and by the panel: `Awe · 100 %`, `Awe 70 % + Fear 30 % · 80 %`. */
const PART = `(?:${EMOTIONS.join('|')})(?: \\d+ %)?`;
const RESULT = new RegExp(`^${PART}(?: \\+ ${PART})* · \\d+ %`, 'i');

export const isResultName = (name: string): boolean => RESULT.test(name);

/**
 * Results that lie directly above their source, from the bottom up: layers, or groups of a grade and a content.
 * @param siblings the list that the source stands in, from the bottom up
 */
export function resultsAbove(siblings: readonly LayerNode[], source: LayerNode): LayerNode[] {
  const above = siblings.slice(siblings.indexOf(source) + 1);
  const end = above.findIndex(({ name }) => !isResultName(name));
  return end === -1 ? above : above.slice(0, end);
}
