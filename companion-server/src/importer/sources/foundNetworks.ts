import { basename, isAbsolute, relative, sep } from 'node:path';
import { type Checkpoint, namesInFile } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';
import { type Network, networksIn } from '../keys/networksIn.ts';
import { refuseOtherFamilies } from '../keys/refuseFamilies.ts';
import type { ModelSource } from './modelSource.ts';

/** Networks from all files that were opened, and the tensors that belong to none, by the path of their file. */
export interface FoundNetworks {
  readonly networks: Map<Network, Checkpoint>;
  readonly unused: Map<string, readonly string[]>;
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
  addTo(unused, file.path, inFile.unused);
}

/** Removes a network so that another can replace it; its tensors become unused. */
export function leaveOut({ networks, unused }: FoundNetworks, network: Network): void {
  const view = networks.get(network);
  if (view !== undefined) addTo(unused, view.path, namesInFile(view));
  networks.delete(network);
}

/**
 * Tensors that the bundle does not use: of no network, or of one not taken, such as the text encoder when there is an
 * emotion encoder.
 * @param path what the user gave as the model; files in it are named by their relative path, others by name
 */
export function leftOver(
  { networks, unused }: FoundNetworks,
  path: string,
  { conditioning, text, predictor }: Pick<ModelSource, 'conditioning' | 'text' | 'predictor'>,
): ModelSource['unused'] {
  const left = { networks: new Map(networks), unused: new Map(unused) };
  const taken = [conditioning, text, predictor].flatMap((part) =>
    part !== undefined && 'weights' in part ? [part.weights] : [],
  );
  for (const [network, view] of networks) {
    if (network !== 'unet' && network !== 'vae' && !taken.includes(view)) leaveOut(left, network);
  }
  const byFile = new Map<string, readonly string[]>();
  for (const [file, names] of left.unused) addTo(byFile, fileIn(path, file), names);
  return Object.fromEntries(byFile);
}

/** Path of a file relative to `path` if it is in there, else its name: two folders may have files of one name. */
export function fileIn(path: string, file: string): string {
  const way = relative(path, file);
  const [first, ...rest] = way.split(sep);
  const isOutside = first === '' || first === '..' || isAbsolute(way);
  return isOutside ? basename(file) : [first, ...rest].join('/');
}

function addTo(
  unused: Map<string, readonly string[]>,
  file: string,
  names: readonly string[],
): void {
  if (names.length > 0) unused.set(file, [...(unused.get(file) ?? []), ...names]);
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
