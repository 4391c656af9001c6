import { useSyncExternalStore } from 'react';
import type { EditPlan } from '../session/editPlan.ts';
import type { PanelPage, PanelPages } from '../session/panelPage.ts';
import type { PanelSession } from '../session/panelSession.ts';
import type { PanelState } from '../session/panelState.ts';

/** The session's state, rendered anew after every change. */
export function usePanel({ store }: PanelSession): PanelState {
  return useSyncExternalStore(store.subscribe, () => store.state);
}

export function usePlan({ plan: { store } }: PanelSession): EditPlan {
  return useSyncExternalStore(store.subscribe, () => store.state);
}

export function usePage({ store }: PanelPages): PanelPage {
  return useSyncExternalStore(store.subscribe, () => store.state);
}
