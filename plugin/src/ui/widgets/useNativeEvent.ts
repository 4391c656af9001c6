import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Listens on the element itself: React hears of UXP's widgets only what bubbles, which not all of it does. */
export function useNativeEvent(
  element: RefObject<HTMLElement | null>,
  type: string,
  listener: (event: Event) => void,
): void {
  const latest = useRef(listener);
  useLayoutEffect(() => {
    latest.current = listener;
  });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const listen = (event: Event) => latest.current(event);
    target.addEventListener(type, listen);
    return () => target.removeEventListener(type, listen);
  }, [element, type]);
}
