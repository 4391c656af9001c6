import { isError } from './batchPlayAnswer.ts';
import type { PhotoshopModule } from './photoshopModule.ts';

/**
 * Puts text onto the clipboard by Photoshop's own command. `navigator.clipboard` would want a permission in the manifest
 * that lets a plugin read the clipboard, too; this one only writes.
 * @returns false where this Photoshop does not do it
 */
export async function copyText(
  { core, action }: Pick<PhotoshopModule, 'core' | 'action'>,
  text: string,
): Promise<boolean> {
  try {
    let answers: readonly object[] = [];
    await core.executeAsModal(
      async () => {
        answers = await action.batchPlay([{ _obj: 'textToClipboard', textData: text }], {});
      },
      { commandName: 'EmoEditor diagnostics' },
    );
    return !isError(answers[0]);
  } catch {
    return false;
  }
}
