import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { readText } from '../files/readText.ts';
import {
  BUNDLE_FILE,
  type Bundle,
  bundleSchema,
  graphFile,
  hasPart,
  PARTS_OF_KIND,
} from './bundle.ts';
import { ModelError } from './modelError.ts';
import type { VerifiedFiles } from './verifiedFiles.ts';

/** Of a `bundle.json`; that of the largest bundle has 40 kB. */
const MAX_LIST_BYTES = 4 * 2 ** 20;

/**
 * Reads and checks `bundle.json`; the weights are only counted, not read.
 * @throws ModelError MODEL_MISSING, MODEL_CORRUPT
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const listed = await stat(join(folder, BUNDLE_FILE)).catch(() => null);
  if (listed !== null && (!listed.isFile() || listed.size > MAX_LIST_BYTES)) {
    throw corrupt(folder, `${BUNDLE_FILE} is no file of less than ${MAX_LIST_BYTES} bytes`);
  }
  const text = await readText(join(folder, BUNDLE_FILE)).catch((cause: unknown) => {
    throw new ModelError(
      'MODEL_MISSING',
      `Expected a model bundle in ${folder} but there is no ${BUNDLE_FILE}.`,
      'Run “emoeditor models” to see the bundles that are there.',
      cause,
    );
  });
  const bundle = parse(folder, text);
  for (const part of PARTS_OF_KIND[bundle.kind]) {
    if (!hasPart(bundle, part)) {
      throw corrupt(folder, `${BUNDLE_FILE} lists no ${graphFile(part)}`);
    }
  }
  for (const { name, bytes } of bundle.files) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found === null) throw corrupt(folder, `${name} is missing`);
    // A link may lead to a pipe or a device, which blocks whoever reads it, or never ends.
    if (!found.isFile()) throw corrupt(folder, `${name} is no file`);
    if (found.size !== bytes) {
      throw corrupt(folder, `${name} should have ${bytes} bytes but has ${found.size}`);
    }
  }
  return bundle;
}

export interface VerifyOptions {
  /** Bytes compared so far, and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Files that need not be read again; all are read when left out. */
  readonly verified?: VerifiedFiles | undefined;
}

/**
 * Compares every file with its checksum.
 * @throws ModelError MODEL_CORRUPT naming the first file that differs; the signal's reason
 */
export async function verifyBundle(
  folder: string,
  bundle: Bundle,
  signal: AbortSignal,
  { onProgress = () => {}, verified }: VerifyOptions = {},
): Promise<void> {
  const total = bundle.files.reduce((sum, { bytes }) => sum + bytes, 0);
  // Parts of a linked import are names of one file: it is read once.
  const compared = new Set<string>();
  let done = 0;
  for (const { name, bytes, sha256 } of bundle.files) {
    const path = join(folder, name);
    const { dev, ino } = await stat(path);
    const contents = [dev, ino, sha256].join();
    if (!compared.has(contents) && !(await verified?.has(path, sha256))) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(path), hash, { signal });
      if (hash.digest('hex') !== sha256) {
        throw corrupt(folder, `${name} is not the file that ${BUNDLE_FILE} was written for`);
      }
      await verified?.add(path, sha256);
    }
    compared.add(contents);
    done += bytes;
    onProgress(done, total);
  }
}

function parse(folder: string, text: string): Bundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw corrupt(folder, `${BUNDLE_FILE} is no JSON`);
  }
  const bundle = bundleSchema.safeParse(json);
  if (!bundle.success) throw corrupt(folder, `${BUNDLE_FILE}: ${z.prettifyError(bundle.error)}`);
  return bundle.data;
}

const corrupt = (folder: string, what: string) =>
  new ModelError(
    'MODEL_CORRUPT',
    `The model bundle in ${folder} is damaged: ${what}.`,
    'Restore the folder from the repository or import the bundle again.',
  );
