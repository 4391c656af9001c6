import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the keyboard in a part of the panel whose buttons give way to others: the first of the new ones takes it when
 * the one that had it is gone.
 * @param change anything that changes when the buttons do
 * @returns wraps what a button of that part does
 */
export function useKeptFocus(
  part: RefObject<HTMLElement | null>,
  change: unknown,
): (act: () => void) => () => void {
  const hadKeyboard = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that takes the keyboard away
  useEffect(() => {
    const { activeElement, body } = document;
    const isLost = activeElement === null || activeElement === body;
    if (hadKeyboard.current && isLost) {
      part.current?.querySelector<HTMLElement>('sp-button')?.focus();
    }
  }, [change, part]);
  return (act) => () => {
    hadKeyboard.current = part.current?.contains(document.activeElement) ?? false;
    act();
  };
}
