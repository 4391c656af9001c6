import './uxpShims.ts';
import { ITERATIONS_SHARE, playEdit } from './actions/playEdit.ts';
import { CompanionClient } from './client/companionClient.ts';
import { type WebSocketLike, webSocketOpener } from './client/webSocketTransport.ts';
import { sleep, systemClock } from './clock.ts';
import { asKnownError, loudText } from './errors.ts';
import { copyText } from './host/copyText.ts';
import { runDiagnostics } from './host/diagnostics/runDiagnostics.ts';
import { localStorageSettings } from './host/localStorageSettings.ts';
import { photoshopModal } from './host/modal.ts';
import { PLAYBACK_FUNCTION, photoshopHost, type ResultSources } from './host/photoshopHost.ts';
import { type HeldHost, heldByAction, holdHost } from './host/playback.ts';
import { secureTokenStore } from './host/secureTokenStore.ts';
import { photoshop, uxp } from './host/uxpModules.ts';
import { choicesOfStep, type StepInfo, stepParameters } from './session/actionStep.ts';
import { choicesOfCommand, rememberEdit } from './session/lastEdit.ts';
import { MENU_COMMANDS, type MenuCommand } from './session/menuCommands.ts';
import { PanelPages } from './session/panelPage.ts';
import { PanelSession } from './session/panelSession.ts';
import type { Choices } from './session/panelState.ts';
import { connectionText } from './ui/connectionText.ts';
import { mountPanel } from './ui/mountPanel.tsx';

type ExecutionContext = Parameters<typeof heldByAction>[1];

const clock = systemClock;
const info = {
  name: uxp.host.name,
  version: uxp.host.version,
  pluginVersion: uxp.versions.plugin,
};
const settings = localStorageSettings(localStorage);
const enterModal = photoshopModal(photoshop.core, (ms) => sleep(clock, ms), info.version);
const sources: ResultSources = new Map();
const host = photoshopHost(photoshop, info, enterModal, sources);
const companion = new CompanionClient({
  open: webSocketOpener((url) => new WebSocket(url) as unknown as WebSocketLike, clock),
  tokens: secureTokenStore(uxp.storage.secureStorage),
  settings,
  clock,
  client: { name: `EmoEditor panel in ${info.name} ${info.version}`, version: info.pluginVersion },
});
const session = new PanelSession({ host, companion, settings, clock });
const pages = new PanelPages({
  diagnose: () =>
    runDiagnostics(
      photoshop,
      { ...info, uxp: uxp.versions.uxp },
      connectionText(companion.connection),
    ),
  copyText: (text) => copyText(photoshop, text),
});
const playback = { photoshop, info, sources, writingShare: 1 - ITERATIONS_SHARE };

async function play({ host, report, signal }: HeldHost, choices: Choices): Promise<void> {
  await playEdit({ host, companion, clock }, choices, report, signal);
  rememberEdit(settings, choices);
}

/** Photoshop looks a recorded step's function up by name in the global scope (action-recording.md). */
async function emoEditorApply(context: ExecutionContext, step: StepInfo): Promise<StepInfo> {
  try {
    const choices = choicesOfStep(step);
    await heldByAction(playback, context, 'EmoEditor', (held) => play(held, choices));
    // What “Record Again” keeps: the step in this version's words.
    return stepParameters(choices);
  } catch (error) {
    // A batch stops only when the handler throws; Photoshop shows the text.
    throw new Error(loudText(error));
  }
}
(globalThis as Record<string, unknown>)[PLAYBACK_FUNCTION] = emoEditorApply;

/** Where the panel is drawn now; null while it is closed. */
let drawn: { readonly rootNode: HTMLElement; readonly unmount: () => void } | null = null;

/** From `create` or from `show`: neither is sure to come first, or to come at all (known-issues.md, PS-57284). */
function open(rootNode: HTMLElement): void {
  if (drawn?.rootNode === rootNode) return;
  close();
  drawn = { rootNode, unmount: mountPanel(rootNode, session, pages) };
  session.start();
}

function close(): void {
  if (drawn === null) return;
  drawn.unmount();
  drawn = null;
  session.stop();
}

async function runCommand(command: MenuCommand): Promise<void> {
  try {
    const choices = choicesOfCommand(command, settings);
    await holdHost(playback, enterModal, command.label, (held) => play(held, choices));
  } catch (error) {
    session.showError(error);
    // Photoshop documents no place where a menu item's error is shown.
    if (drawn === null && asKnownError(error).code !== 'CANCELLED') {
      void photoshop.core.showAlert({ message: loudText(error) });
    }
    throw new Error(loudText(error));
  } finally {
    session.lookAgain();
  }
}

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
      create: open,
      show: open,
      destroy: close,
      menuItems: [
        { id: 'reconnect', label: 'Connect Again' },
        { id: 'diagnostics', label: 'Diagnostics…' },
        { id: 'about', label: 'About EmoEditor' },
      ],
      invokeMenu(id) {
        if (id === 'reconnect') companion.reconnect();
        else if (id === 'diagnostics' || id === 'about') pages.show(id);
      },
    },
  },
  commands: Object.fromEntries(
    MENU_COMMANDS.map((command) => [command.id, { run: () => runCommand(command) }]),
  ),
});
