import { type RefObject, useLayoutEffect } from 'react';

/** What a widget's property may be set to. Never undefined: some widgets clear on `false` alone. */
type Properties = Readonly<Record<string, string | number | boolean>>;

/**
 * Sets properties of a UXP widget itself. As JSX attributes they cannot be trusted: React assigns `undefined` where a
 * boolean goes, which leaves a disabled widget disabled, and `value` and `selectedIndex` only say where a widget starts.
 */
export function useWidgetProperties(
  element: RefObject<HTMLElement | null>,
  properties: Properties,
): void {
  // After every rendering: what the user did to the widget meanwhile is not known here.
  useLayoutEffect(() => {
    const widget = element.current as unknown as Record<string, unknown> | null;
    if (widget === null) return;
    for (const [name, value] of Object.entries(properties)) {
      if (widget[name] !== value) widget[name] = value;
    }
  });
}
