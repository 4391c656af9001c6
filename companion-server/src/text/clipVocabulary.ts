import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { byteLetters, WORD_END } from './byteLetters.ts';
import { TextError } from './textError.ts';

/** Tokens and merges of a CLIP tokenizer. */
export interface ClipVocabulary {
  /** Token → id. */
  readonly ids: ReadonlyMap<string, number>;
  /** Pairs of tokens that become one, the most frequent first. */
  readonly merges: readonly (readonly [string, string])[];
}

/** Names of the files, in a diffusers folder's `tokenizer/` and in a bundle alike. */
export const VOCABULARY_FILE = 'vocab.json';
export const MERGES_FILE = 'merges.txt';
/** Both in one, as transformers writes them since its version 5. */
export const TOKENIZER_FILE = 'tokenizer.json';

export const START = '<|startoftext|>';
export const END = '<|endoftext|>';

/** The merges of OpenAI's CLIP, MIT licence: github.com/openai/CLIP, clip/bpe_simple_vocab_16e6.txt.gz, first 48 894. */
const OWN_MERGES = fileURLToPath(new URL('../../clip/merges.txt', import.meta.url));

/**
 * The vocabulary that CLIP was trained with, and so that of every Stable Diffusion 1. Ids follow from the order of the
 * merges: 256 letters, the same at a word's end, one token per merge, start and end.
 */
export async function readClipVocabulary(): Promise<ClipVocabulary> {
  const merges = parseMerges(await readFile(OWN_MERGES, 'utf8'), MERGES_FILE);
  const letters = [...byteLetters().values()];
  const tokens = [
    ...letters,
    ...letters.map((letter) => letter + WORD_END),
    ...merges.map((pair) => pair.join('')),
    START,
    END,
  ];
  return { merges, ids: new Map(tokens.map((token, id) => [token, id])) };
}

const vocabularySchema = z.record(z.string(), z.int().nonnegative());

/** Reads the text of `vocab.json` and `merges.txt`. @throws TextError BAD_VOCABULARY */
export function parseVocabulary(vocabulary: string, merges: string): ClipVocabulary {
  const ids = new Map(Object.entries(parsed(vocabulary, vocabularySchema, VOCABULARY_FILE)));
  return checked(ids, parseMerges(merges, MERGES_FILE), VOCABULARY_FILE);
}

function parsed<S extends z.ZodType>(text: string, schema: S, file: string): z.infer<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad(`${file} is no JSON`, cause);
  }
  const found = schema.safeParse(json);
  if (!found.success) throw bad(`${file}: ${z.prettifyError(found.error)}`);
  return found.data;
}

function checked(
  ids: ClipVocabulary['ids'],
  merges: ClipVocabulary['merges'],
  file: string,
): ClipVocabulary {
  for (const token of [START, END]) {
    if (!ids.has(token)) throw bad(`${file} has no ${token}`);
  }
  const unknown = merges.find((pair) => !ids.has(pair.join('')));
  if (unknown === undefined) return { ids, merges };
  throw bad(`a merge makes “${unknown.join('')}”, which ${file} does not have`);
}

const mergeSchema = z.union([
  z.tuple([z.string(), z.string()]),
  z
    .string()
    .regex(/^[^ ]+ [^ ]+$/)
    .transform((pair) => pair.split(' ') as [string, string]),
]);
const tokenizerSchema = z.object({
  model: z.object({ vocab: vocabularySchema, merges: z.array(mergeSchema) }),
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })).default([]),
});

/**
 * Reads the text of `tokenizer.json`, the only file that transformers writes since its version 5.
 * @throws TextError BAD_VOCABULARY
 */
export function parseTokenizer(text: string): ClipVocabulary {
  const { model, added_tokens } = parsed(text, tokenizerSchema, TOKENIZER_FILE);
  const added = added_tokens.map(({ id, content }) => [content, id] as const);
  return checked(new Map([...Object.entries(model.vocab), ...added]), model.merges, TOKENIZER_FILE);
}

/** The two files of a vocabulary, as text. */
export function vocabularyFiles({ ids, merges }: ClipVocabulary): Readonly<Record<string, string>> {
  return {
    [VOCABULARY_FILE]: JSON.stringify(Object.fromEntries(ids)),
    [MERGES_FILE]: `#version: 0.2\n${merges.map((pair) => pair.join(' ')).join('\n')}\n`,
  };
}

function parseMerges(text: string, name: string): (readonly [string, string])[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#version'))
    .map((line) => {
      const [left, right, ...more] = line.split(' ');
      if (!left || !right || more.length > 0) {
        throw bad(`${name} has the line “${line}” where two tokens with a space between belong`);
      }
      return [left, right] as const;
    });
}

const bad = (what: string, cause?: unknown) =>
  new TextError(
    'BAD_VOCABULARY',
    `The tokenizer cannot be used: ${what}.`,
    'Give the tokenizer folder that came with the text encoder, with vocab.json and merges.txt, or tokenizer.json.',
    cause,
  );
