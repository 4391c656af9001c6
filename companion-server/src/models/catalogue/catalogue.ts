import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { readText } from '../../files/readText.ts';
import { DownloadError } from './downloadError.ts';

/** The catalogue that comes with the product. */
export const CATALOGUE_FILE = fileURLToPath(
  new URL('../../../../models/catalogue.json', import.meta.url),
);

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const address = z.url().refine(
  (text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
  },
  { error: 'expected an https address' },
);

const fileSchema = z.object({
  /** Place inside the model's folder; it may not leave it. */
  path: z
    .string()
    .regex(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*$/, 'a relative path without “..”'),
  /** The first that answers is used; the others are mirrors. */
  urls: z.array(address).min(1),
  /** Approximate size, for progress and the check of disk space; not verified, since the checksum is. */
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type CatalogueFile = z.infer<typeof fileSchema>;

const entrySchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  /** `bundle` runs as it is; `emoeditor import` turns `checkpoint` into one, and takes `tiny-decoder` along with that. */
  kind: z.enum(['bundle', 'checkpoint', 'tiny-decoder']),
  licence: z.object({
    name: z.string().min(1),
    url: z.url(),
    /** What it asks of the user, in a few sentences. */
    terms: z.string().min(1),
  }),
  files: z.array(fileSchema).min(1),
});
export type CatalogueEntry = z.infer<typeof entrySchema>;

const catalogueSchema = z.object({ format: z.literal(1), models: z.array(entrySchema) });

/**
 * Models that can be downloaded, from the product's own list or another of the same form.
 * @throws DownloadError CATALOGUE
 */
export async function readCatalogue(path: string = CATALOGUE_FILE): Promise<CatalogueEntry[]> {
  let json: unknown;
  try {
    json = JSON.parse(await readText(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badCatalogue(path, reason, cause);
  }
  const parsed = catalogueSchema.safeParse(json);
  if (!parsed.success) throw badCatalogue(path, z.prettifyError(parsed.error));
  return parsed.data.models;
}

/** @throws DownloadError UNKNOWN_MODEL listing the names that there are */
export function entryNamed(catalogue: readonly CatalogueEntry[], name: string): CatalogueEntry {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry;
  const names = catalogue.map((candidate) => candidate.name).join(', ');
  throw new DownloadError(
    'UNKNOWN_MODEL',
    `Expected a model of the catalogue but there is none called “${name}”.`,
    names === '' ? 'The catalogue is empty.' : `It lists: ${names}.`,
  );
}

const badCatalogue = (path: string, reason: string, cause?: unknown) =>
  new DownloadError(
    'CATALOGUE',
    `The catalogue ${path} cannot be used: ${reason}`,
    'See models/README.md for its form.',
    cause,
  );
