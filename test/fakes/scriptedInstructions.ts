import { DEFAULT_INSTRUCTIONS } from '@emoeditor/companion-server/models/defaultInstructions.ts';
import type { InstructionModel } from '@emoeditor/companion-server/pipeline/modelPorts.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

export interface ScriptedInstructions extends InstructionModel {
  /** Texts of every call, in order. */
  readonly read: (readonly string[])[];
  /** The text whose tokens these are. */
  textOf(tokens: ArrayLike<number>): string | undefined;
}

/** Instructions whose tokens are the letters of the text; nothing is nothing but zeros. Rows as the scripted UNet wants. */
export function createScriptedInstructions(imageGuidanceScale = 1.5): ScriptedInstructions {
  const read: (readonly string[])[] = [];
  const known = new Map<string, string>();
  const tokensOf = (text: string) =>
    tensor(
      Float32Array.from({ length: 16 }, (_, i) => (text.charCodeAt(i) || 0) / 128),
      [1, 2, 8],
    );
  return {
    lists: DEFAULT_INSTRUCTIONS,
    guidanceScale: 7.5,
    imageGuidanceScale,
    publishedSteps: 4,
    read,
    textOf: (tokens) => known.get(Array.from(tokens).join()),
    async encode(texts) {
      read.push(texts);
      const all = texts.map(tokensOf);
      for (const [i, { data }] of all.entries()) known.set(data.join(), texts[i] as string);
      return all;
    },
  };
}
