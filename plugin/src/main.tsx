import './uxpShims.ts';
import { choicesOfStep, type StepInfo } from './actions/actionStep.ts';
import { playEdit } from './actions/playEdit.ts';
import { CompanionClient } from './client/companionClient.ts';
import { type WebSocketLike, webSocketOpener } from './client/webSocketTransport.ts';
import { sleep, systemClock } from './clock.ts';
import { textOf } from './errors.ts';
import { localStorageSettings } from './host/localStorageSettings.ts';
import { modalWithin, photoshopModal } from './host/modal.ts';
import { PLAYBACK_FUNCTION, photoshopHost } from './host/photoshopHost.ts';
import { secureTokenStore } from './host/secureTokenStore.ts';
import { photoshop, uxp } from './host/uxpModules.ts';
import { PanelSession } from './session/panelSession.ts';
import { mountPanel } from './ui/mountPanel.tsx';

type ExecutionContext = Parameters<typeof modalWithin>[0];

const clock = systemClock;
const info = {
  name: uxp.host.name,
  version: uxp.host.version,
  pluginVersion: uxp.versions.plugin,
};
const settings = localStorageSettings(localStorage);
const host = photoshopHost(
  photoshop,
  info,
  photoshopModal(photoshop.core, (ms) => sleep(clock, ms)),
);
const companion = new CompanionClient({
  open: webSocketOpener((url) => new WebSocket(url) as unknown as WebSocketLike, clock),
  tokens: secureTokenStore(uxp.storage.secureStorage),
  settings,
  clock,
  client: { name: `EmoEditor panel in ${info.name} ${info.version}`, version: info.pluginVersion },
});
const session = new PanelSession({ host, companion, settings, clock });

/** Photoshop looks a recorded step's function up by name in the global scope (action-recording.md). */
async function emoEditorApply(context: ExecutionContext, step: StepInfo): Promise<StepInfo> {
  try {
    const playback = photoshopHost(photoshop, info, modalWithin(context));
    const controller = new AbortController();
    context.onCancel = () => controller.abort();
    await playEdit({ host: playback, companion, clock }, choicesOfStep(step), controller.signal);
    return step;
  } catch (error) {
    // A batch stops only when the handler throws; Photoshop shows the text.
    throw new Error(textOf(error));
  }
}
(globalThis as Record<string, unknown>)[PLAYBACK_FUNCTION] = emoEditorApply;

let unmount = (): void => {};
uxp.entrypoints.setup({
  plugin: {
    create() {},
    destroy() {
      session.stop();
      companion.close();
    },
  },
  panels: {
    'emoeditor.panel': {
      create(rootNode) {
        unmount = mountPanel(rootNode, session);
        session.start();
      },
      destroy() {
        unmount();
        session.stop();
      },
    },
  },
});
