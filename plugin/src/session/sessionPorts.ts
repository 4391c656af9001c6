import type { Companion } from '../client/companion.ts';
import type { Clock } from '../clock.ts';
import type { HostPort } from '../host/hostPort.ts';
import type { SettingsStore } from '../host/settingsStore.ts';
import type { PanelEvent } from './panelEvent.ts';
import type { PanelState } from './panelState.ts';
import type { Store } from './store.ts';

export type PanelStore = Store<PanelState, PanelEvent>;

/** What every use case may reach for. */
export interface SessionPorts {
  readonly host: HostPort;
  readonly companion: Companion;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly store: PanelStore;
}
