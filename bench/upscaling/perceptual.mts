import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Extent } from '@emoeditor/shared';
import sharp from 'sharp';

/** Side of the details that are compared at 100 %, and how many there are along each side of the picture. */
const SIDE = 384;
const ALONG = 3;
const SCRIPT = join(import.meta.dirname, 'distance_of.py');

export interface Perceptual {
  /** What was measured. */
  readonly name: string;
  readonly means: Readonly<Record<string, number>>;
}

/**
 * How different the results look from the photograph, by a network: Python's part, with PyTorch. LPIPS (Zhang et al.
 * 2018) where it is installed, otherwise what stands in for it, under its own name.
 * @param results interleaved RGB by the name of the method
 * @returns a sentence where it cannot be measured
 */
export async function perceptualDistances(
  photograph: Uint8Array,
  results: ReadonlyMap<string, Uint8Array>,
  extent: Extent,
): Promise<Perceptual | string> {
  const folder = await mkdtemp(join(tmpdir(), 'emoeditor-distances-'));
  try {
    await saveDetails(folder, 'photograph', photograph, extent);
    for (const [name, rgb] of results) await saveDetails(folder, name, rgb, extent);
    const { EMOEDITOR_PYTHON: python = 'python3', EMOEDITOR_BACKBONES: backbones } = process.env;
    const files = backbones === undefined ? [folder] : [folder, backbones];
    const { stdout } = await promisify(execFile)(python, [SCRIPT, ...files]);
    return JSON.parse(stdout) as Perceptual;
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n');
    return `Not measured: ${lines.at(-1)}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function saveDetails(folder: string, name: string, rgb: Uint8Array, extent: Extent) {
  const start = (length: number, i: number) => Math.round(((length - SIDE) * (i + 0.5)) / ALONG);
  for (let place = 0; place < ALONG ** 2; place++) {
    await sharp(rgb, { raw: { ...extent, channels: 3 } })
      .extract({
        left: start(extent.width, place % ALONG),
        top: start(extent.height, Math.floor(place / ALONG)),
        width: SIDE,
        height: SIDE,
      })
      .png()
      .toFile(join(folder, `${name}-${place}.png`));
  }
}
