import { PluginError } from '../errors.ts';
import type { SettingsStore } from '../host/settingsStore.ts';
import { parseChoices, readChoices } from './choicesStore.ts';
import type { MenuCommand } from './menuCommands.ts';
import type { Choices } from './panelState.ts';

const KEY = 'lastEdit';

/** Keeps what an edit was made with, from wherever it was started, for “Repeat Last Edit”. */
export function rememberEdit(settings: SettingsStore, choices: Choices): void {
  settings.write(KEY, JSON.stringify(choices));
}

/**
 * What a menu item runs: its emotion at the panel's other settings, or the last edit as it was.
 * @throws PluginError NOTHING_TO_REPEAT
 */
export function choicesOfCommand({ emotion }: MenuCommand, settings: SettingsStore): Choices {
  if (emotion !== null) return { ...readChoices(settings), target: emotion };
  const stored = settings.read(KEY);
  if (stored !== null) return parseChoices(stored);
  throw new PluginError('NOTHING_TO_REPEAT', {
    message: 'There is no edit to repeat yet.',
    hint: 'Run one in the EmoEditor panel, or choose Plugins › EmoEditor › Evoke ….',
    retryable: false,
  });
}
