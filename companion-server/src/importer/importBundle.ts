import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { exists } from '../files/onDisk.ts';
import { BUNDLE_FILE, type Bundle, weightsFile } from '../models/bundle.ts';
import { isBundle } from '../models/bundleStore.ts';
import { writeExtras } from './bundle/bundleExtras.ts';
import { describeBundle } from './bundle/describeBundle.ts';
import { linkWeights } from './bundle/linkWeights.ts';
import { expectOwnFolder, openPartialBundle, type PartialBundle } from './bundle/partialBundle.ts';
import {
  type BundleToWrite,
  keyOf,
  type PartToWrite,
  prepareBundle,
} from './bundle/prepareBundle.ts';
import { exchangePredictor } from './exchangePredictor.ts';
import { ImportError } from './importError.ts';
import { openModelSource } from './sources/openModelSource.ts';
import type { SourceOptions } from './sources/sourceOptions.ts';
import { type Precision, type PrecisionOf, storageOfParts } from './weights/storage.ts';

export interface ImportOptions extends SourceOptions {
  /** Storage type of the weights, for all parts or by part; float16 where not given. */
  readonly precision?: Precision | PrecisionOf;
  /** Links the user's own weights files, in the type that they have; `precision` is ignored then. */
  readonly link?: boolean;
  /** Called with the number of weights written, their total and the part of the bundle being written. */
  readonly onProgress?: (done: number, total: number, part: string) => void;
  readonly signal?: AbortSignal;
}

export interface ImportReport extends Pick<BundleToWrite, 'keptInFloat16'> {
  readonly bundle: Bundle;
  /** Tensors that are in no graph, per part, and those of no network, per file. */
  readonly unused: Readonly<Record<string, readonly string[]>>;
  /** The user's files that the bundle links to. */
  readonly linked: readonly string[];
}

/**
 * Converts a trained model into a bundle: ONNX graphs, their weights, `bundle.json` with checksums. All graphs are
 * built, and every tensor's name and shape checked, before the first byte is written; weights are then converted one at
 * a time. The bundle appears whole or not at all, and the same model gives the same bytes. An interrupted import keeps
 * the weights written so far in `<target>.partial`, and the next one continues there; a failed one leaves nothing.
 * @param path see openModelSource; or a bundle, whose predictor is exchanged for the one given
 * @throws ImportError, the signal's reason
 */
export async function importBundle(
  path: string,
  target: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { precision = {}, onProgress = () => {}, signal = new AbortController().signal } = options;
  if (await exists(target)) {
    throw new ImportError(
      'OUTPUT_EXISTS',
      `${target} exists already.`,
      'Choose another name, or remove it first.',
    );
  }
  if (options.predictor !== undefined && (await isBundle(path))) {
    const bundle = await exchangePredictor(path, target, options.predictor, signal);
    return { bundle, keptInFloat16: new Map(), unused: {}, linked: [] };
  }
  const folder = `${target}.partial`;
  // Checked first, because reading the model takes minutes.
  await expectOwnFolder(folder);
  const source = await openModelSource(path, options);
  const asked = typeof precision === 'function' ? precision(source) : precision;
  const storage = options.link === true ? 'link' : storageOfParts(asked);
  let partial: PartialBundle | null = null;
  try {
    const prepared = await prepareBundle(source, storage, signal);
    partial = await openPartialBundle(folder, await keyOf(prepared, source));
    const files = await writeGraphs(partial, prepared.parts, onProgress, signal);
    files.push(...(await writeExtras(partial, source)));
    const unused = withNames({ ...prepared.unused, ...source.unused });
    const precisions = Object.fromEntries(prepared.parts.map(({ part, stored }) => [part, stored]));
    const bundle = describeBundle(source, basename(target), precisions, files, unused);
    await writeFile(partial.path(BUNDLE_FILE), `${JSON.stringify(bundle, null, 2)}\n`);
    await partial.rename(target);
    const linked = new Set(prepared.parts.flatMap(({ link }) => link ?? []));
    return { bundle, keptInFloat16: prepared.keptInFloat16, unused, linked: [...linked] };
  } catch (error) {
    if (error instanceof ImportError) await partial?.discard();
    throw error;
  } finally {
    await source.close();
  }
}

async function writeGraphs(
  partial: PartialBundle,
  parts: readonly PartToWrite[],
  onProgress: NonNullable<ImportOptions['onProgress']>,
  signal: AbortSignal,
): Promise<Bundle['files']> {
  const total = parts.reduce((sum, { layout }) => sum + layout.count, 0);
  const files: Bundle['files'] = [];
  let done = 0;
  for (const { part, graphs, file, layout, link } of parts) {
    onProgress(done, total, part);
    for (const [name, onnx] of graphs) {
      await writeFile(partial.path(name), onnx);
      files.push(await partial.finish(name));
    }
    if (link !== null) files.push(await linkWeights(partial, link, weightsFile(part)));
    const kept = await partial.finished(file, layout.bytes);
    if (kept === null) {
      const onWeight = () => onProgress(++done, total, part);
      await layout.write(partial.path(file), { signal, onWeight, sums: partial.sums(file) });
    } else {
      done += layout.count;
      onProgress(done, total, part);
    }
    files.push(kept ?? (await partial.finish(file)));
  }
  return files;
}

const withNames = (unused: ImportReport['unused']) =>
  Object.fromEntries(Object.entries(unused).filter(([, names]) => names.length > 0));
