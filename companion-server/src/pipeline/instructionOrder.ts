import { EMOTIONS, type EmotionVector } from '@emoeditor/shared';
import { randomInteger } from '../tensor/noise.ts';
import type { InstructionLists } from './modelPorts.ts';

/** Number of the shuffle's stream, which no candidate of an iteration has. */
const SHUFFLE = 0xffff;

/**
 * The instructions that an edit goes through, as many as the longest list has: each list of an emotion in the target
 * shuffled by the seed, and for a blend dealt out by weight, so that after any number of iterations every emotion had its
 * share to within one.
 */
export function instructionOrder(
  lists: InstructionLists,
  target: EmotionVector,
  seed: number,
): string[] {
  const decks = EMOTIONS.flatMap((emotion, index) => {
    const weight = target[index] ?? 0;
    return weight > 0 ? [{ weight, cards: shuffled(lists[emotion], seed), dealt: 0 }] : [];
  });
  const longest = Math.max(...decks.map(({ cards }) => cards.length));
  const order: string[] = [];
  while (order.length < longest) {
    const owed = decks.map(({ weight, dealt }) => weight * (order.length + 1) - dealt);
    const deck = decks[owed.indexOf(Math.max(...owed))] as (typeof decks)[number];
    order.push(deck.cards[deck.dealt++ % deck.cards.length] as string);
  }
  return order;
}

/** Fisher–Yates. */
function shuffled(list: readonly string[], seed: number): string[] {
  const cards = [...list];
  for (let last = cards.length - 1; last > 0; last--) {
    const other = randomInteger(0, last, { seed, iteration: last, candidate: SHUFFLE });
    [cards[last], cards[other]] = [cards[other] as string, cards[last] as string];
  }
  return cards;
}
