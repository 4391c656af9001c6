/** Turns style text into a sheet shared by every instance of one widget. */
export function sharedSheet(cssText: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(cssText);
  return sheet;
}
