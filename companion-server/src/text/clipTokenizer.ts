import { byteLetters, WORD_END } from './byteLetters.ts';
import { type ClipVocabulary, END, START } from './clipVocabulary.ts';

export interface ClipTokenizer {
  /**
   * Text → ids: start, the words' tokens, end, then end again up to `length`; what does not fit is cut off before the
   * end, as Stable Diffusion 1 does. Never throws.
   */
  encode(text: string, length: number): number[];
  /** How many tokens the words of a text are, start and end not counted. */
  count(text: string): number;
}

/** CLIP's pattern of a word: English endings, letters, single digits, anything else but blanks. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;

/** Matched before splitting into words: each is a single token wherever it occurs. */
const SPECIAL = /(<\|startoftext\|>|<\|endoftext\|>)/;

/** Byte-pair encoding as CLIP's (openai/CLIP simple_tokenizer.py) and transformers' CLIPTokenizer do it. */
export function createClipTokenizer({ ids, merges }: ClipVocabulary): ClipTokenizer {
  const letters = byteLetters();
  const rank = new Map(merges.map(([left, right], index) => [`${left} ${right}`, index]));
  const known = new Map<string, readonly number[]>();
  const [start, end] = [ids.get(START) as number, ids.get(END) as number];

  /** Repeatedly joins the pair that is earliest in the list of merges, until none applies. */
  const tokensOf = (word: string): string[] => {
    const bytes = new TextEncoder().encode(word);
    let tokens = Array.from(bytes, (byte) => letters.get(byte) as string);
    tokens.push((tokens.pop() ?? '') + WORD_END);
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 1; i < tokens.length; i++) {
        best = Math.min(best, rank.get(`${tokens[i - 1]} ${tokens[i]}`) ?? best);
      }
      const pair = merges[best];
      if (pair === undefined) return tokens;
      tokens = joined(tokens, pair);
    }
  };

  const idsOf = (word: string): readonly number[] => {
    const found = known.get(word) ?? tokensOf(word).map((token) => ids.get(token) ?? end);
    known.set(word, found);
    return found;
  };

  const special = new Map([
    [START, [start]],
    [END, [end]],
  ]);
  const idsIn = (text: string): number[] =>
    text
      .split(SPECIAL)
      .flatMap((part) => special.get(part) ?? (clean(part).match(WORDS) ?? []).flatMap(idsOf));
  return {
    encode(text, length) {
      const words = idsIn(text);
      const whole = [start, ...words.slice(0, length - 2)];
      return [...whole, ...Array<number>(length - whole.length).fill(end)];
    },
    count: (text) => idsIn(text).length,
  };
}

/** Lower case letter by letter: for a whole string JavaScript would write a final Greek sigma as ς. */
function clean(text: string): string {
  const composed = text.normalize('NFC').replace(/\s+/g, ' ');
  return [...composed].map((letter) => letter.toLowerCase()).join('');
}

function joined(tokens: readonly string[], [left, right]: readonly [string, string]): string[] {
  const out: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const isPair = tokens[i] === left && tokens[i + 1] === right;
    out.push(isPair ? left + right : (tokens[i] as string));
    if (isPair) i++;
  }
  return out;
}
