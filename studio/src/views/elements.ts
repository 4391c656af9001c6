import type { Picture } from '../studioDocument.ts';

type Child = Node | string;

interface ElementTraits {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Child[];
}

/** Makes one element. Text goes in as text, never as markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  traits: ElementTraits = {},
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (traits.class !== undefined) element.className = traits.class;
  if (traits.text !== undefined) element.textContent = traits.text;
  for (const [key, value] of Object.entries(traits.attributes ?? {})) {
    element.setAttribute(key, value);
  }
  element.append(...(traits.children ?? []));
  return element;
}

/** One of UXP's widgets, which TypeScript does not know by name. */
export function makeWidget(name: `sp-${string}`, traits: ElementTraits = {}): HTMLElement {
  const element = make('div', traits);
  const widget = document.createElement(name);
  for (const { name: key, value } of element.attributes) widget.setAttribute(key, value);
  widget.append(...element.childNodes);
  return widget;
}

/** Draws the picture in its own size. */
export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  const pixels = new ImageData(picture.width, picture.height);
  pixels.data.set(picture.rgba);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing in an 18 × 18 box, of one path. */
export function makeIcon(path: string): SVGSVGElement {
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 18 18');
  icon.setAttribute('class', 'studio-icon');
  icon.setAttribute('aria-hidden', 'true');
  const drawing = document.createElementNS(SVG, 'path');
  drawing.setAttribute('d', path);
  icon.append(drawing);
  return icon;
}
