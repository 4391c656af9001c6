import { HintedError } from '@emoeditor/companion-server/hintedError.ts';

/** A file is read, or refused in sentences for people; anything else that is thrown is a finding. */
export async function expectHinted(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof HintedError)) throw error;
  }
}
