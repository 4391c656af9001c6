import { type HTMLAttributes, type KeyboardEvent, useState } from 'react';
import { PASSED_OVER, TAKES_FOCUS } from './focus.ts';

/**
 * Whether the mouse or the space bar is held on an element.
 * @param isLive whether holding it does anything
 * @returns that, and what the element has to listen to
 */
export function useHeld(isLive: boolean): readonly [boolean, HTMLAttributes<HTMLElement>] {
  const [isHeld, setHeld] = useState(false);
  const onKey = (held: boolean) => (event: KeyboardEvent) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    setHeld(held);
  };
  return [
    isHeld && isLive,
    {
      tabIndex: isLive ? TAKES_FOCUS : PASSED_OVER,
      onPointerDown: () => setHeld(isLive),
      onPointerUp: () => setHeld(false),
      onPointerLeave: () => setHeld(false),
      onKeyDown: onKey(isLive),
      onKeyUp: onKey(false),
      onBlur: () => setHeld(false),
    },
  ];
}
