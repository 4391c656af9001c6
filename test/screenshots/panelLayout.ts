import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { THEMES } from '../../studio/src/views/theme.ts';
import { setPanelWidth } from '../integration/studioBrowser.ts';

/** Widths of docks, in pixels. */
export const WIDTHS = [240, 280, 480] as const;
/** Pixels of the panel that one cell of a coarse picture stands for, on each side. */
const CELL = 20;

/** A part of the panel: `left, top, width, height` in CSS pixels from the panel's corner. */
export type Box = readonly [number, number, number, number];

/** How a state of the panel looks at a width, without what differs from machine to machine. */
export interface Layout {
  /** Parts in the order of the document, as `name left top width height`. */
  readonly parts: readonly string[];
  /** Means of grey over cells, a hexadecimal digit each (15 is white), by theme; rows are separated by `/`. */
  readonly pictures: Readonly<Record<string, string>>;
  /**
   * What does not fit or cannot be read: text that is cut off without an ellipsis, parts that reach beyond the panel, and
   * text with less contrast than 4.5:1 (WCAG 2.2, 1.4.3).
   */
  readonly overflow: readonly string[];
}

/** What is measured of a panel: parts whose place says that the layout is right. */
const PARTS = [
  ...['status', 'body', 'notice', 'card', 'layer', 'form-line', 'number', 'preview', 'film'],
  ...['film-strip', 'film-facts', 'emotions', 'emotion-bars', 'control', 'scenes', 'advanced'],
  ...['plan-row', 'plan-picture', 'plan-controls', 'foot', 'progress'],
];
const WIDGETS = ['sp-button', 'sp-action-button', 'sp-picker', 'sp-slider', 'sp-progressbar'];

/** The panel's layout at a width, in all themes, and what was photographed. */
export async function lookAt(
  page: Page,
  width: number,
): Promise<{ readonly layout: Layout; readonly shots: ReadonlyMap<string, Buffer> }> {
  await setPanelWidth(page, width);
  // Nothing is drawn as under the mouse.
  await page.mouse.move(0, 0);
  const selector = [
    ...PARTS.map((part) => `.panel .${part}`),
    ...WIDGETS.map((w) => `.panel ${w}`),
  ];
  // tsx names functions by a helper that the page has not.
  await page.evaluate('globalThis.__name = (made) => made');
  const measured = await page.evaluate(measure, selector.join());
  const pictures: Record<string, string> = {};
  const overflow = [...measured.overflow];
  const shots = new Map<string, Buffer>();
  for (const theme of THEMES) {
    await page.evaluate((chosen) => {
      document.documentElement.setAttribute('data-theme', chosen);
    }, theme);
    const shot = await page.locator('.studio-panel').screenshot();
    shots.set(theme, shot);
    pictures[theme] = await coarse(shot);
    for (const faint of await page.evaluate(faintTexts)) overflow.push(`${faint} in ${theme}`);
  }
  return { layout: { ...measured, overflow, pictures }, shots };
}

/** Runs in the page. */
function measure(selector: string): Pick<Layout, 'parts' | 'overflow'> {
  const panel = document.querySelector('.panel') as HTMLElement;
  const origin = panel.getBoundingClientRect();
  const nameOf = (element: Element) =>
    element.classList.item(0) === null || element.localName.startsWith('sp-')
      ? element.localName
      : `.${element.classList.item(0)}`;
  const parts = [...document.querySelectorAll(selector)].map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const box = [left - origin.left, top - origin.top, width, height];
    return `${nameOf(element)} ${box.map(Math.round).join(' ')}`;
  });
  const overflow: string[] = [];
  for (const element of panel.querySelectorAll<HTMLElement>('*')) {
    const { right, left, width } = element.getBoundingClientRect();
    // The film strip scrolls.
    if (width === 0 || element.closest('.film-strip') !== null) continue;
    const text = (element.textContent ?? '').trim().slice(0, 40);
    if (right > origin.right + 1 || left < origin.left - 1) {
      overflow.push(`${nameOf(element)} reaches beyond the panel: ${text}`);
    }
    const style = getComputedStyle(element);
    const isCut = element.children.length === 0 && element.scrollWidth > element.clientWidth + 1;
    if (isCut && style.overflow === 'hidden' && style.textOverflow !== 'ellipsis') {
      overflow.push(`${nameOf(element)} is cut off: ${text}`);
    }
  }
  return { parts, overflow };
}

/** Runs in the page: texts of the panel and of its widgets whose contrast is below 4.5:1, disabled ones left out. */
function faintTexts(): string[] {
  type Colour = [number, number, number, number];
  const colourOf = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const parentOf = (element: Element): Element | null =>
    element.assignedSlot ??
    element.parentElement ??
    ((element.getRootNode() as ShadowRoot).host as Element | undefined) ??
    null;
  /** Null over a picture. */
  const ground = (element: Element | null): Colour | null => {
    if (element === null) return [255, 255, 255, 1];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    if (backgroundImage !== 'none' || element.matches('.preview, .frame')) return null;
    const colour = colourOf(backgroundColor);
    if (colour[3] === 1) return colour;
    const below = ground(parentOf(element));
    return below && over(colour, below);
  };
  const over = ([r, g, b, a]: Colour, [br, bg, bb]: Colour): Colour => [
    ...([
      [r, br],
      [g, bg],
      [b, bb],
    ].map(([top, below]) => top! * a + below! * (1 - a)) as [number, number, number]),
    1,
  ];
  const luminance = ([r, g, b]: Colour) => {
    const [lr, lg, lb] = [r, g, b].map((value) => {
      const v = value / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb;
  };
  const opacityOf = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(parentOf(element));
  const found: string[] = [];
  const look = (root: Element | ShadowRoot) => {
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (element.shadowRoot !== null) look(element.shadowRoot);
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => (node.textContent ?? '').trim())
        .join('');
      const { width, height } = element.getBoundingClientRect();
      const isDisabled = (one: Element | null): boolean =>
        one !== null &&
        (one.matches('[disabled], [aria-disabled=true], :disabled') || isDisabled(parentOf(one)));
      if (text === '' || width * height === 0 || isDisabled(element)) continue;
      const below = ground(element);
      const { color, visibility } = getComputedStyle(element);
      if (below === null || visibility !== 'visible') continue;
      const [r, g, b, a] = colourOf(color);
      const [light, dark] = [over([r, g, b, a * opacityOf(element)], below), below]
        .map(luminance)
        .sort((one, other) => other - one) as [number, number];
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(2)}:1 of “${text.slice(0, 30)}”`);
    }
  };
  look(document.querySelector('.panel') as HTMLElement);
  return found;
}

/** Cells are large enough that another machine's letters make the same grey. */
async function coarse(shot: Buffer): Promise<string> {
  const { width = 0, height = 0 } = await sharp(shot).metadata();
  const size = { width: Math.round(width / CELL), height: Math.round(height / CELL) };
  const { data } = await sharp(shot)
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const digits = Array.from(data, (grey) => Math.round(grey / 17).toString(16));
  return Array.from({ length: size.height }, (_, y) =>
    digits.slice(y * size.width, (y + 1) * size.width).join(''),
  ).join('/');
}
