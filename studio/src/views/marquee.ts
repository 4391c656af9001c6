import type { Area } from '../studioDocument.ts';
import { make } from './elements.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Dragging less than this many pixels of the picture on either side selects nothing. */
const SMALLEST = 2;

/**
 * The pixels of a picture between two points of the screen, kept within the picture.
 * @returns null when that is next to nothing, as a mere click is
 */
export function areaBetween(
  from: Point,
  to: Point,
  frame: Frame,
  picture: { readonly width: number; readonly height: number },
): Area | null {
  const column = ({ x }: Point) =>
    clamp(Math.round(((x - frame.left) / frame.width) * picture.width), picture.width);
  const row = ({ y }: Point) =>
    clamp(Math.round(((y - frame.top) / frame.height) * picture.height), picture.height);
  const area = {
    left: Math.min(column(from), column(to)),
    top: Math.min(row(from), row(to)),
    right: Math.max(column(from), column(to)),
    bottom: Math.max(row(from), row(to)),
  };
  const isTiny = area.right - area.left < SMALLEST || area.bottom - area.top < SMALLEST;
  return isTiny ? null : area;
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** The dashed line around what is selected, in shares of the picture, so that it scales with it. */
export class Marquee {
  readonly element = make('div', { class: 'studio-marquee', attributes: { hidden: '' } });

  show(area: Area | null, picture: { readonly width: number; readonly height: number }): void {
    this.element.hidden = area === null;
    if (area === null) return;
    const { style } = this.element;
    style.left = `${(area.left / picture.width) * 100}%`;
    style.top = `${(area.top / picture.height) * 100}%`;
    style.width = `${((area.right - area.left) / picture.width) * 100}%`;
    style.height = `${((area.bottom - area.top) / picture.height) * 100}%`;
  }
}
