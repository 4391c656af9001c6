import { describeTarget, EMOTIONS, type Emotion } from '@emoeditor/shared';

/** An item of Photoshop's Plugins menu; with `enableMenuRecording` it can be recorded and given a shortcut. */
export interface MenuCommand {
  /** As in the manifest; actions that recorded the item keep it, so it never changes. */
  readonly id: string;
  readonly label: string;
  /** What it evokes; null repeats the last edit. */
  readonly emotion: Emotion | null;
}

export const MENU_COMMANDS: readonly MenuCommand[] = [
  ...EMOTIONS.map((emotion) => ({
    id: `emoeditor.evoke.${emotion}`,
    label: `Evoke ${describeTarget({ kind: 'emotion', emotion })}`,
    emotion,
  })),
  { id: 'emoeditor.repeat', label: 'Repeat Last Edit', emotion: null },
];
