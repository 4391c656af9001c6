import { createRoot } from 'react-dom/client';
import type { PanelPages } from '../session/panelPage.ts';
import type { PanelSession } from '../session/panelSession.ts';
import { App } from './App.tsx';
import './styles/panel.css';
import './styles/cards.css';
import './styles/preview.css';
import './styles/emotions.css';
import './styles/controls.css';
import './styles/plan.css';
// Last: it must win over the borders of the others.
import './styles/focus.css';

/** Draws the panel into the element that the host handed over. Returns the way to take it away. */
export function mountPanel(
  rootNode: HTMLElement,
  session: PanelSession,
  pages: PanelPages,
): () => void {
  const container = document.createElement('div');
  // The viewport is the panel in UXP, whose root node has no height of its own; where a parent has one, it caps this.
  container.style.width = '100%';
  container.style.height = '100vh';
  container.style.maxHeight = '100%';
  rootNode.appendChild(container);
  const root = createRoot(container);
  root.render(<App session={session} pages={pages} />);
  return () => {
    root.unmount();
    container.remove();
  };
}
