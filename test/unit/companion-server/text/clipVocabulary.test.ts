import {
  parseTokenizer,
  parseVocabulary,
  readClipVocabulary,
} from '@emoeditor/companion-server/text/clipVocabulary.ts';
import { describe, expect, it } from 'vitest';

const VOCABULARY = '{"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}';

describe('a CLIP vocabulary', () => {
  it('of OpenAI has the 49408 tokens that every Stable Diffusion 1 knows', async () => {
    const { ids, merges } = await readClipVocabulary();
    expect([ids.size, merges.length]).toEqual([49408, 48894]);
    expect([ids.get('<|startoftext|>'), ids.get('<|endoftext|>')]).toEqual([49406, 49407]);
    expect([ids.get('!'), ids.get('a</w>'), ids.get('photo</w>')]).toEqual([0, 320, 1125]);
  });

  it('is read with and without the version line, and with lines of Windows', () => {
    const plain = parseVocabulary(VOCABULARY, 'a b</w>');
    expect(plain.merges).toEqual([['a', 'b</w>']]);
    expect(parseVocabulary(VOCABULARY, '#version: 0.2\r\na b</w>\r\n')).toEqual(plain);
  });

  it.each([
    ['no JSON', '{', '', /vocab\.json is no JSON/],
    ['a list', '[]', '', /vocab\.json/],
    ['without an end', '{"<|startoftext|>": 0}', '', /no <\|endoftext\|>/],
    ['with half a merge', VOCABULARY, 'a', /merges\.txt has the line “a”/],
    ['with a merge of three', VOCABULARY, 'a b c', /the line “a b c”/],
    ['with an unknown merge', VOCABULARY, 'b a', /makes “ba”, which vocab\.json/],
  ])('is refused: %s', (_, vocabulary, merges, reason) => {
    expect(() => parseVocabulary(vocabulary, merges)).toThrow(reason);
  });
});

describe('a tokenizer.json', () => {
  const vocab = JSON.parse(VOCABULARY);
  const { '<|endoftext|>': end, ...rest } = vocab;

  it.each([
    ['pairs', [['a', 'b</w>']]],
    ['strings', ['a b</w>']],
  ])('is read with merges as %s, and its added tokens too', (_, merges) => {
    const added_tokens = [{ id: end, content: '<|endoftext|>', special: true }];
    const text = JSON.stringify({ version: '1.0', added_tokens, model: { vocab: rest, merges } });
    expect(parseTokenizer(text)).toEqual(parseVocabulary(VOCABULARY, 'a b</w>'));
  });

  it.each([
    ['no JSON', '{', /tokenizer\.json is no JSON/],
    ['of another kind', '{"model": {"type": "Unigram", "vocab": []}}', /tokenizer\.json/],
    ['without an end', JSON.stringify({ model: { vocab: rest, merges: [] } }), /no <\|endoftext/],
    ['with half a merge', JSON.stringify({ model: { vocab, merges: ['a'] } }), /tokenizer\.json/],
  ])('is refused: %s', (_, text, reason) => {
    expect(() => parseTokenizer(text)).toThrow(reason);
  });
});
