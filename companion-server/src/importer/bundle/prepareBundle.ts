import { createHash, type Hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { type BundlePart, ownWeightsFile, weightsFile } from '../../models/bundle.ts';
import type { StorageType } from '../../onnx/weights.ts';
import { ImportError } from '../importError.ts';
import type { ModelPart, ModelSource } from '../sources/modelSource.ts';
import { createLinkedLayout } from '../weights/linkedLayout.ts';
import { weightsTooLossyForInt8 } from '../weights/roundingError.ts';
import { createWeightReader } from '../weights/weightReader.ts';
import { createWeightsLayout, type WeightsLayout } from '../weights/weightsFile.ts';
import { buildGraphs, type NetworkToBuild } from './buildGraphs.ts';
import { graphsOf } from './graphsOf.ts';

/** A graph that was built, with its weights still to be written. */
export interface PartToWrite {
  readonly part: BundlePart;
  /** Graphs by file name; the first is that for the CPU. */
  readonly graphs: ReadonlyMap<string, Uint8Array>;
  /** Name of the weights file that the layout writes. */
  readonly file: string;
  readonly layout: WeightsLayout;
  /** With --link: the user's file that holds the part's weights. */
  readonly link: string | null;
  readonly stored: StorageType;
  /** Weights kept in float16 although int8 was wanted, with the relative error that int8 would have. */
  readonly keptInFloat16?: ReadonlyMap<string, number>;
}

export interface BundleToWrite {
  readonly parts: readonly PartToWrite[];
  /** Tensors that no graph uses, per part. */
  readonly unused: Readonly<Partial<Record<ModelPart, readonly string[]>>>;
  /** Weights kept in float16 although int8 was wanted, with the relative error that int8 would have. */
  readonly keptInFloat16: ReadonlyMap<string, number>;
}

/**
 * Builds all graphs and checks every tensor's name, type and shape. Reads only the weights whose int8 rounding error
 * must be measured.
 * @throws ImportError MISSING_TENSOR, MISSHAPEN_TENSOR, UNSUPPORTED; the signal's reason
 */
export async function prepareBundle(
  source: ModelSource,
  storage: Readonly<Record<BundlePart, StorageType>> | 'link',
  signal: AbortSignal,
): Promise<BundleToWrite> {
  const parts: PartToWrite[] = [];
  const unused: Partial<Record<ModelPart, string[]>> = {};
  const keptInFloat16 = new Map<string, number>();
  for (const job of graphsOf(source)) {
    const weights = createWeightReader(job.weights);
    for (const [part, build] of job.graphs) {
      const network = { part, build, weights, isExact: job.isExact ?? false };
      const linked = storage === 'link' ? linkedPart(network) : null;
      const stored = storage === 'link' ? 'float32' : storage[part];
      const copied = linked ?? (await copiedPart(network, stored, signal));
      for (const [name, error] of copied.keptInFloat16 ?? [])
        keptInFloat16.set(`${part}: ${name}`, error);
      parts.push(copied);
    }
    unused[job.from] = weights.unused();
  }
  if (storage === 'link' && parts.every(({ link }) => link === null)) throw nothingToLink(source);
  return { parts, unused, keptInFloat16 };
}

async function copiedPart(
  network: NetworkToBuild,
  stored: StorageType,
  signal: AbortSignal,
): Promise<PartToWrite> {
  const { part, build, weights } = network;
  const keptInFloat16 =
    stored === 'int8' ? await weightsTooLossyForInt8(build, weights, signal) : new Map();
  const file = weightsFile(part);
  const built = buildGraphs(network, createWeightsLayout(file, stored, keptInFloat16));
  return { part, file, link: null, stored, keptInFloat16, ...built };
}

const nothingToLink = ({ card }: ModelSource) =>
  new ImportError(
    'UNSUPPORTED',
    `The weights of ${card.name} are neither float32 nor float16, which graphs can read where they lie.`,
    'Import without --link: they are converted then.',
  );

/** Null when most of the weights cannot be linked: they are computed from others, or of a type that graphs cannot read. */
function linkedPart(network: NetworkToBuild): PartToWrite | null {
  const { part, weights } = network;
  const { graphs, layout } = buildGraphs(network, createLinkedLayout(part, weights));
  if (layout.into === null || layout.stayingBytes < layout.bytes) return null;
  const { file: link, type: stored } = layout.into;
  return { part, graphs, file: ownWeightsFile(part), layout, link, stored };
}

/** Key of an import: equal for the same unmodified files and the same options. */
export async function keyOf({ parts }: BundleToWrite, source: ModelSource): Promise<string> {
  const hash = createHash('sha256');
  const files = new Set(graphsOf(source).flatMap(({ weights }) => weights.files));
  for (const file of files) await addFile(hash, file);
  // The graphs contain the place and type of each weight.
  for (const { graphs } of parts) for (const onnx of graphs.values()) hash.update(onnx);
  return hash.digest('hex');
}

async function addFile(hash: Hash, file: string): Promise<void> {
  const { size, mtimeMs } = await stat(file);
  hash.update(JSON.stringify([file, size, mtimeMs]));
}
