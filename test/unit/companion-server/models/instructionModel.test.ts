import { writeFile } from 'node:fs/promises';
import type { BundlePart } from '@emoeditor/companion-server/models/bundle.ts';
import { DEFAULT_INSTRUCTIONS } from '@emoeditor/companion-server/models/defaultInstructions.ts';
import { createInstructionModel } from '@emoeditor/companion-server/models/instructionModel.ts';
import { createLazySessions } from '@emoeditor/companion-server/models/lazySessions.ts';
import type { Tensors } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { vocabularyFiles } from '@emoeditor/companion-server/text/clipVocabulary.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const LENGTH = 6;
const START = 3;
const END = 4;
const vocabulary = {
  ids: new Map([
    ['a</w>', 0],
    ['b</w>', 1],
    ['c</w>', 2],
    ['<|startoftext|>', START],
    ['<|endoftext|>', END],
  ]),
  merges: [],
};
const folder = temporaryFolder();

beforeAll(async () => {
  for (const [name, text] of Object.entries(vocabularyFiles(vocabulary))) {
    await writeFile(folder(name), text);
  }
});

/** Another text of at most four tokens for every number below 162: words of one letter, then words of several. */
const wordsOf = (number: number) =>
  Array.from((number % 81).toString(3).padStart(2, '0'), (digit) => 'abc'[Number(digit)]).join(
    number < 81 ? ' ' : '',
  );

/** A text encoder whose tokens are the ids themselves, and what became of its sessions. */
function encoder(fail = false) {
  const seen = { opened: 0, released: 0, batches: [] as number[] };
  const sessions = createLazySessions(async (part: BundlePart) => {
    expect(part).toBe('textEncoder');
    seen.opened++;
    return {
      async run({ ids }: Tensors) {
        if (fail || ids === undefined) throw new Error('no memory');
        seen.batches.push(ids.dims[0] ?? 0);
        return { tokens: tensor(ids.data, [...ids.dims, 1]) };
      },
      release: async () => void seen.released++,
    };
  });
  const model = createInstructionModel(
    folder(),
    { conditioning: { tokens: LENGTH, width: 1 }, guidance: { text: 3, image: 2 } },
    DEFAULT_INSTRUCTIONS,
    sessions,
  );
  return { model, seen };
}

describe('the instruction model', () => {
  it('encodes all texts as one batch and releases the encoder before it returns', async () => {
    const { model, seen } = encoder();
    const tokens = await model.encode(['a b', '', 'C c c c']);
    expect(tokens.map(({ dims }) => dims)).toEqual(Array(3).fill([1, LENGTH, 1]));
    expect(tokens.map(({ data }) => [...data])).toEqual([
      [START, 0, 1, END, END, END],
      [START, END, END, END, END, END],
      [START, 2, 2, 2, 2, END],
    ]);
    expect(seen).toEqual({ opened: 1, released: 1, batches: [3] });
  });

  it('opens the encoder again for new texts only', async () => {
    const { model, seen } = encoder();
    const [first] = await model.encode(['a', 'a']);
    expect(await model.encode(['a'])).toEqual([first]);
    expect(seen).toEqual({ opened: 1, released: 1, batches: [1] });
    expect(await model.encode(['b', 'a'])).toHaveLength(2);
    expect(seen).toEqual({ opened: 2, released: 2, batches: [1, 1] });
  });

  it('remembers no more than the product’s own lists hold', async () => {
    const { model, seen } = encoder();
    const texts = Array.from({ length: 90 }, (_, i) => wordsOf(i));
    expect(await model.encode(texts)).toHaveLength(90);
    await model.encode(['b']);
    await model.encode([wordsOf(0)]);
    expect(seen.batches).toEqual([90, 1, 1]);
  });

  it('refuses a text of which the encoder would not read the end', async () => {
    const { model, seen } = encoder();
    await expect(model.encode(['a', 'a b c a b'])).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringMatching(/at most 4 tokens but “a b c a b” has 5/),
      hint: expect.stringContaining('instructions.json'),
    });
    expect(seen.opened).toBe(0);
  });

  it('releases the encoder when it fails', async () => {
    const { model, seen } = encoder(true);
    await expect(model.encode(['a'])).rejects.toThrow('no memory');
    expect(seen).toMatchObject({ opened: 1, released: 1 });
  });

  it('takes the scales of the bundle, or those that InstructPix2Pix is published with', () => {
    expect(encoder().model).toMatchObject({ guidanceScale: 3, imageGuidanceScale: 2 });
    const sessions = createLazySessions(() => Promise.reject(new Error('not needed')));
    const conditioning = { tokens: LENGTH, width: 1 };
    const usual = createInstructionModel(
      folder(),
      { conditioning },
      DEFAULT_INSTRUCTIONS,
      sessions,
    );
    expect(usual).toMatchObject({ guidanceScale: 7.5, imageGuidanceScale: 1.5 });
  });
});
