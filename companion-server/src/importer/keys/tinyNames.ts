import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { renamedCheckpoint } from '../checkpoint/renamedCheckpoint.ts';

const DIFFUSERS = /^(encoder|decoder)\.layers\.\d+\./;
const LAYER = /^(\d+)\.(.+)$/;

/**
 * A tiny autoencoder, or half of one, under diffusers' names. TAESD's own files have the encoder or the decoder as
 * an nn.Sequential, the decoder's with a clamp in front, which diffusers does not count.
 * Source: madebyollin/taesd, taesd.py.
 */
export function tinyAutoencoder(checkpoint: Checkpoint): Checkpoint {
  const isDecoder = !checkpoint.shapes.has('0.weight');
  const dropped: string[] = [];
  const view = renamedCheckpoint(checkpoint, (name) => {
    if (DIFFUSERS.test(name)) return { to: name };
    const [, index, rest] = LAYER.exec(name) ?? [];
    if (index === undefined) {
      dropped.push(name);
      return null;
    }
    return {
      to: isDecoder
        ? `decoder.layers.${Number(index) - 1}.${rest}`
        : `encoder.layers.${index}.${rest}`,
    };
  });
  return { ...view, aside: [...dropped, ...(checkpoint.aside ?? [])] };
}
