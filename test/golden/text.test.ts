import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildClipTextEncoder,
  clipTextConfigSchema,
  inferClipTextConfig,
} from '@emoeditor/companion-server/importer/architectures/clipTextEncoder.ts';
import {
  entryNamed,
  readCatalogue,
} from '@emoeditor/companion-server/models/catalogue/catalogue.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import {
  type ClipTokenizer,
  createClipTokenizer,
} from '@emoeditor/companion-server/text/clipTokenizer.ts';
import {
  parseVocabulary,
  readClipVocabulary,
  vocabularyFiles,
} from '@emoeditor/companion-server/text/clipVocabulary.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTensors, relativeError, runGraph } from './runGraph.ts';

/** Texts, ids and embeddings from transformers; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, 'text');
const LENGTH = 77;

interface Encoded {
  readonly text: string;
  readonly ids: readonly number[];
}

const pairs: readonly Encoded[] = JSON.parse(await readFile(join(GOLDEN, 'tokens.json'), 'utf8'));
let tokenizer: ClipTokenizer;
beforeAll(async () => {
  tokenizer = createClipTokenizer(await readClipVocabulary());
});

describe('the CLIP tokenizer', () => {
  it.each(pairs)('reads “$text” as transformers does', ({ text, ids }) => {
    expect(tokenizer.encode(text, LENGTH)).toEqual(ids);
  });

  it('is the same after its vocabulary was written and read', async () => {
    const files = vocabularyFiles(await readClipVocabulary());
    const again = createClipTokenizer(
      parseVocabulary(files['vocab.json'] ?? '', files['merges.txt'] ?? ''),
    );
    for (const { text, ids } of pairs) expect(again.encode(text, LENGTH)).toEqual(ids);
  });

  it('is the one that the catalogue pulls with InstructPix2Pix, to the byte', async () => {
    const { ids, merges } = await readClipVocabulary();
    const byToken = [...ids].toSorted(([one], [other]) => (one < other ? -1 : 1));
    // As its publisher wrote them: tokens in the order of their letters, two blanks in front.
    const written = {
      'tokenizer/vocab.json': `{\n${byToken.map(([token, id]) => `  ${JSON.stringify(token)}: ${id}`).join(',\n')}\n}\n`,
      'tokenizer/merges.txt': vocabularyFiles({ ids, merges })['merges.txt'] ?? '',
    };
    const { files } = entryNamed(await readCatalogue(), 'instruct-pix2pix');
    for (const [path, text] of Object.entries(written)) {
      expect(files.find((file) => file.path === path)).toMatchObject({
        bytes: Buffer.byteLength(text),
        sha256: createHash('sha256').update(text).digest('hex'),
      });
    }
  });

  it('counts what would be cut off', () => {
    expect(tokenizer.count('word '.repeat(80))).toBe(80);
  });
});

const readConfig = async () =>
  clipTextConfigSchema.parse(JSON.parse(await readFile(join(GOLDEN, 'config.json'), 'utf8')));

describe('the CLIP text encoder', () => {
  it.each([
    { precision: 'float32', profile: 'cpu', tolerance: 1e-4 },
    { precision: 'float16', profile: 'cpu', tolerance: 5e-3 },
    { precision: 'int8', profile: 'cpu', tolerance: 5e-2 },
    { precision: 'float32', profile: 'gpu', tolerance: 1e-4 },
    { precision: 'float32', profile: 'portable', tolerance: 1e-4 },
    { precision: 'float16', profile: 'portableHalf', tolerance: 5e-3 },
    { precision: 'float16', profile: 'cuda', tolerance: 5e-3 },
  ] as const)('gives the numbers of PyTorch in $precision for $profile', async (way) => {
    const config = await readConfig();
    const golden = await readTensors(join(GOLDEN, 'io.safetensors'));
    const {
      outputs: { tokens },
      unused,
    } = await runGraph(
      join(GOLDEN, 'model.safetensors'),
      way,
      (graph) => buildClipTextEncoder(graph, config),
      { ids: golden('ids') },
    );
    expect(relativeError(tokens as Tensor, golden('tokens'))).toBeLessThan(way.tolerance);
    expect(unused).toEqual([]);
  });

  it('is recognised by the shapes of its tensors', () => {
    const of = (name: string, ...shape: number[]) => [`text_model.${name}`, shape] as const;
    const layers = Array.from({ length: 12 }, (_, i) =>
      of(`encoder.layers.${i}.layer_norm1.weight`, 768),
    );
    const shapes = new Map([
      of('embeddings.token_embedding.weight', 49408, 768),
      of('embeddings.position_embedding.weight', 77, 768),
      of('encoder.layers.0.mlp.fc1.weight', 3072, 768),
      ...layers,
    ]);
    expect(clipTextConfigSchema.parse(inferClipTextConfig({ shapes, path: 'sd.ckpt' }))).toEqual({
      vocab_size: 49408,
      hidden_size: 768,
      intermediate_size: 3072,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      max_position_embeddings: 77,
    });
    expect(() => inferClipTextConfig({ shapes: new Map(), path: 'other.ckpt' })).toThrow(
      /token_embedding.weight in other.ckpt/,
    );
  });

  it('of Stable Diffusion 2 is refused', async () => {
    const parsed = clipTextConfigSchema.safeParse({ ...(await readConfig()), hidden_act: 'gelu' });
    expect(JSON.stringify(parsed.error?.issues)).toContain('hidden_act');
  });
});
