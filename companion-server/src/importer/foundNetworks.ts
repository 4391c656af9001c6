import { basename } from 'node:path';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { ImportError } from './importError.ts';
import { type Network, networksIn } from './keys/networksIn.ts';
import { refuseOtherFamilies } from './keys/refuseFamilies.ts';
import type { ModelSource } from './modelSource.ts';

/** Networks from all files that were opened, and the tensors that belong to none, by file. */
export interface FoundNetworks {
  readonly networks: Map<Network, Checkpoint>;
  readonly unused: Record<string, readonly string[]>;
}

const TITLES: Readonly<Record<Network, string>> = {
  unet: 'a UNet',
  vae: 'a VAE',
  textEncoder: 'a text encoder',
  emotionEncoder: 'an emotion encoder',
  predictor: 'an emotion predictor',
};

const HINTS: Readonly<Partial<Record<Network, string>>> = {
  emotionEncoder:
    'Give its file with --emotion-encoder (the authors call theirs model_emoenc.pt), or a model with its text encoder.',
  predictor: 'Give its file with --predictor; the authors call theirs emo_predictor.pt.',
};

/** @throws ImportError UNSUPPORTED for models of other families and for a network that was there before */
export function addNetworks({ networks, unused }: FoundNetworks, file: Checkpoint): void {
  refuseOtherFamilies(file);
  const inFile = networksIn(file);
  for (const [network, view] of inFile.found) {
    const other = networks.get(network);
    if (other !== undefined) {
      throw new ImportError(
        'UNSUPPORTED',
        `Expected one file with ${TITLES[network]} but ${other.path} and ${view.path} both have one.`,
        'Give the file itself instead of its folder, and the others with --emotion-encoder and --predictor.',
      );
    }
    networks.set(network, view);
  }
  if (inFile.unused.length > 0) unused[basename(file.path)] = inFile.unused;
}

/** Tensors that the bundle has no place for: those of no network, and the text encoder's where it is not taken. */
export function leftOver(
  { networks, unused }: FoundNetworks,
  taken: Pick<ModelSource, 'conditioning' | 'text'>,
): ModelSource['unused'] {
  const text = networks.get('textEncoder');
  const isTaken = taken.conditioning.kind === 'instruction' || taken.text !== undefined;
  return text === undefined || isTaken
    ? unused
    : { ...unused, textEncoder: [...text.shapes.keys()] };
}

/**
 * @param path where it was looked for
 * @throws ImportError MISSING_FILE
 */
export function foundNetwork(
  { networks }: FoundNetworks,
  network: Network,
  path: string,
): Checkpoint {
  const found = networks.get(network);
  if (found !== undefined) return found;
  const others = [...networks.keys()].map((other) => TITLES[other]);
  throw new ImportError(
    'MISSING_FILE',
    `Expected ${TITLES[network]} in ${path} but found ${others.length === 0 ? 'no network that is known' : `only ${others.join(', ')}`}.`,
    HINTS[network] ?? 'Give the whole model: its UNet and its VAE.',
  );
}
