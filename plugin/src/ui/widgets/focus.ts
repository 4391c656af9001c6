/** `tabIndex` of a drawn control: UXP gives the keyboard to positive ones only (pseudo-classes/focus.md). */
export const TAKES_FOCUS = 1;
/** `tabIndex` of one that the keyboard passes over for now. */
export const PASSED_OVER = -1;
