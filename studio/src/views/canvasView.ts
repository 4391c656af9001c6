import type { Area, Picture, StudioDocument } from '../studioDocument.ts';
import { make, makeIcon, makeWidget, paint } from './elements.ts';
import { icons } from './icons.ts';
import { areaBetween, Marquee } from './marquee.ts';
import type { View } from './view.ts';
import { fittingScale, nextStep, percentText, type Zoom } from './zoom.ts';

/** Room between the fitted picture and the edge of the area. */
const MARGIN = 32;

export type Tool = 'hand' | 'marquee';

export interface CanvasView extends View {
  setZoom(zoom: Zoom): void;
  zoomStep(direction: 1 | -1): void;
}

/** The picture on neutral grey, to scroll, drag and zoom. */
class PictureArea {
  readonly canvas = make('canvas', { class: 'studio-picture' });
  /** What dragging does. */
  tool: Tool = 'hand';
  private readonly marquee = new Marquee();
  private selection: Area | null = null;
  readonly area: HTMLElement;
  readonly welcome = make('div', {
    class: 'studio-welcome',
    children: [
      make('strong', { text: 'No document is open' }),
      make('span', { text: 'Drop a photograph or a PSD here, press Open, or take a sample.' }),
    ],
  });
  private picture: Picture | null = null;
  private zoom: Zoom = 'fit';

  private readonly announce: () => void;
  private readonly select: (area: Area | null) => void;

  constructor(announce: () => void, select: (area: Area | null) => void) {
    this.announce = announce;
    this.select = select;
    const sheet = make('div', {
      class: 'studio-sheet',
      children: [this.canvas, this.marquee.element],
    });
    const stage = make('div', { class: 'studio-stage', children: [sheet, this.welcome] });
    this.area = make('div', {
      class: 'studio-area',
      attributes: { tabindex: '0', role: 'region', 'aria-label': 'Document' },
      children: [stage],
    });
    this.canvas.setAttribute('role', 'img');
    new ResizeObserver(() => this.layOut()).observe(this.area);
    this.area.addEventListener('pointerdown', (event) => {
      if (this.tool === 'marquee' && event.button === 0) this.drawMarquee(event);
      else this.drag(event);
    });
    this.area.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
  }

  get scale(): number {
    if (this.zoom !== 'fit' || this.picture === null) return this.zoom === 'fit' ? 1 : this.zoom;
    const density = window.devicePixelRatio;
    return fittingScale(this.picture, {
      width: (this.area.clientWidth - 2 * MARGIN) * density,
      height: (this.area.clientHeight - 2 * MARGIN) * density,
    });
  }

  show(picture: Picture | null, name: string, selection: Area | null): void {
    const isOther =
      picture?.width !== this.picture?.width || picture?.height !== this.picture?.height;
    if (picture !== this.picture && picture !== null) paint(this.canvas, picture);
    this.picture = picture;
    this.selection = selection;
    if (picture !== null) this.marquee.show(selection, picture);
    else this.marquee.element.hidden = true;
    this.canvas.setAttribute('aria-label', name);
    this.canvas.hidden = picture === null;
    this.welcome.hidden = picture !== null;
    if (isOther) this.zoom = 'fit';
    this.layOut();
  }

  /** Zooms and keeps what lies under the point, or in the middle, where it is. */
  setZoom(zoom: Zoom, point?: { readonly clientX: number; readonly clientY: number }): void {
    const frame = this.area.getBoundingClientRect();
    const clientX = point?.clientX ?? frame.left + frame.width / 2;
    const clientY = point?.clientY ?? frame.top + frame.height / 2;
    const before = this.canvas.getBoundingClientRect();
    this.zoom = zoom;
    this.layOut();
    const after = this.canvas.getBoundingClientRect();
    if (before.width === 0) return;
    const grown = after.width / before.width;
    this.area.scrollLeft += after.left + (clientX - before.left) * grown - clientX;
    this.area.scrollTop += after.top + (clientY - before.top) * grown - clientY;
  }

  private layOut(): void {
    if (this.picture !== null) {
      const { scale } = this;
      const density = window.devicePixelRatio;
      this.canvas.style.width = `${(this.picture.width * scale) / density}px`;
      this.canvas.style.height = `${(this.picture.height * scale) / density}px`;
      this.canvas.classList.toggle('studio-magnified', scale >= 2);
    }
    this.announce();
  }

  private drag(event: PointerEvent): void {
    if (event.button > 1 || event.target === this.area || this.picture === null) return;
    const { area } = this;
    const start = { x: event.clientX + area.scrollLeft, y: event.clientY + area.scrollTop };
    const follow = (move: PointerEvent) => {
      area.scrollLeft = start.x - move.clientX;
      area.scrollTop = start.y - move.clientY;
    };
    area.setPointerCapture(event.pointerId);
    area.addEventListener('pointermove', follow);
    area.addEventListener(
      'lostpointercapture',
      () => area.removeEventListener('pointermove', follow),
      { once: true },
    );
  }

  /** A click without dragging deselects, as in Photoshop. */
  private drawMarquee(event: PointerEvent): void {
    const { picture, area } = this;
    if (picture === null) return;
    const from = { x: event.clientX, y: event.clientY };
    const frame = this.canvas.getBoundingClientRect();
    let drawn: Area | null = null;
    const follow = (move: PointerEvent) => {
      drawn = areaBetween(from, { x: move.clientX, y: move.clientY }, frame, picture);
      this.marquee.show(drawn, picture);
    };
    area.setPointerCapture(event.pointerId);
    area.addEventListener('pointermove', follow);
    area.addEventListener(
      'lostpointercapture',
      () => {
        area.removeEventListener('pointermove', follow);
        if (drawn !== null || this.selection !== null) this.select(drawn);
      },
      { once: true },
    );
  }

  private wheel(event: WheelEvent): void {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault();
    const wanted = this.scale * 2 ** (-event.deltaY / 300);
    this.setZoom(Math.min(16, Math.max(0.03, wanted)), event);
  }
}

/** One of two tools is chosen at a time. */
function createTools(choose: (tool: Tool) => void): HTMLElement[] {
  const kinds = [
    ['hand', 'Move the picture', icons.hand],
    ['marquee', 'Select a rectangle', icons.marquee],
  ] as const;
  const buttons = kinds.map(([tool, title, icon]) => {
    const element = make('button', {
      class: 'studio-tool',
      attributes: { type: 'button', title, 'aria-label': title },
      children: [makeIcon(icon)],
    });
    element.addEventListener('click', () => press(tool));
    return element;
  });
  const press = (chosen: Tool) => {
    for (const [at, [tool]] of kinds.entries()) {
      buttons[at]?.setAttribute('aria-pressed', String(tool === chosen));
    }
    choose(chosen);
  };
  press('hand');
  return buttons;
}

export function createCanvasView(studioDocument: StudioDocument): CanvasView {
  const percent = make('span', { class: 'studio-percent', attributes: { 'aria-live': 'off' } });
  const size = make('span', { class: 'studio-size' });
  const area = new PictureArea(
    () => {
      percent.textContent = percentText(area.scale);
    },
    (selected) => {
      if (studioDocument.modal === null) studioDocument.select(selected);
    },
  );
  const zoomStep = (direction: 1 | -1) => area.setZoom(nextStep(area.scale, direction));
  const button = (label: string, description: string, press: () => void) => {
    const element = makeWidget('sp-action-button', {
      text: label,
      attributes: { quiet: '', title: description, 'aria-label': description },
    });
    element.addEventListener('click', press);
    return element;
  };
  const tools = createTools((tool) => {
    area.tool = tool;
    area.canvas.classList.toggle('studio-crosshair', tool === 'marquee');
  });
  const deselect = button('Deselect', 'Select nothing (Ctrl+D)', () => studioDocument.select(null));
  const bar = make('div', {
    class: 'studio-canvas-bar',
    children: [
      ...tools,
      button('−', 'Zoom out', () => zoomStep(-1)),
      percent,
      button('+', 'Zoom in', () => zoomStep(1)),
      button('Fit', 'Show the whole picture', () => area.setZoom('fit')),
      button('100 %', 'One picture pixel on one screen pixel', () => area.setZoom(1)),
      deselect,
      size,
    ],
  });
  return {
    element: make('main', { class: 'studio-canvas', children: [area.area, bar] }),
    refresh() {
      const picture = studioDocument.flatten();
      const { selection } = studioDocument;
      area.show(picture, studioDocument.name, selection);
      deselect.hidden = selection === null;
      bar.classList.toggle('studio-absent', picture === null);
      size.textContent = picture === null ? '' : `${picture.width} × ${picture.height} px`;
    },
    setZoom: (zoom) => area.setZoom(zoom),
    zoomStep,
  };
}
