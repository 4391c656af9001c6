import { make } from './elements.ts';

const KEY = 'emoeditor.studio.panelWidth';
const NARROWEST = 230;
const WIDEST = 480;
const STEP = 10;

/** The panel's left edge, to drag: docks in Photoshop come in every width. */
export function createPanelEdge(panel: HTMLElement): HTMLElement {
  const edge = make('div', {
    class: 'studio-panel-edge',
    attributes: {
      role: 'separator',
      tabindex: '0',
      'aria-orientation': 'vertical',
      'aria-label': 'Width of the panel',
      'aria-valuemin': String(NARROWEST),
      'aria-valuemax': String(WIDEST),
    },
  });
  const setWidth = (wanted: number) => {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, wanted)));
    document.documentElement.style.setProperty('--studio-panel-width', `${width}px`);
    edge.setAttribute('aria-valuenow', String(width));
    localStorage.setItem(KEY, String(width));
  };
  panel.id = panel.id || 'studio-panel';
  edge.setAttribute('aria-controls', panel.id);
  // What it is before anybody moves it, and when the window makes it narrower.
  new ResizeObserver(() => {
    edge.setAttribute('aria-valuenow', String(Math.round(panel.getBoundingClientRect().width)));
  }).observe(panel);
  const stored = Number(localStorage.getItem(KEY));
  if (stored > 0) setWidth(stored);
  edge.addEventListener('pointerdown', (event) => {
    edge.setPointerCapture(event.pointerId);
    const right = panel.getBoundingClientRect().right;
    const follow = (move: PointerEvent) => setWidth(right - move.clientX);
    edge.addEventListener('pointermove', follow);
    edge.addEventListener(
      'lostpointercapture',
      () => edge.removeEventListener('pointermove', follow),
      { once: true },
    );
  });
  edge.addEventListener('keydown', (event) => {
    const width = panel.getBoundingClientRect().width;
    const widths: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: width + STEP, ArrowRight: width - STEP },
      ...{ Home: NARROWEST, End: WIDEST },
    };
    const wanted = widths[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    setWidth(wanted);
  });
  return edge;
}
