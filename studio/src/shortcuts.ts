export type Shortcut =
  | 'open'
  | 'save'
  | 'undo'
  | 'redo'
  | 'deselect'
  | 'fit'
  | 'actualSize'
  | 'zoomIn'
  | 'zoomOut';

const KEYS: Readonly<Record<string, Shortcut>> = {
  o: 'open',
  s: 'save',
  z: 'undo',
  y: 'redo',
  d: 'deselect',
  '0': 'fit',
  '1': 'actualSize',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
};

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Photoshop's keys, with Ctrl or Cmd. */
export function shortcutOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Press): Shortcut | null {
  if (!(ctrlKey || metaKey) || altKey) return null;
  const shortcut = KEYS[key.toLowerCase()] ?? null;
  return shortcut === 'undo' && shiftKey ? 'redo' : shortcut;
}
