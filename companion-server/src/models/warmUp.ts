import { setImmediate } from 'node:timers/promises';
import { BUNDLE_PARTS, type Bundle, type BundlePart, hasPart } from './bundle.ts';

/** Bytes of a bundle up to which it is loaded before it is used. */
const SMALL = 256 * 2 ** 20;

/**
 * Opens every graph of a bundle, one after another. Does nothing for a bundle that would take much memory before anybody
 * asks for it. What cannot be opened is told when it is used.
 */
export async function warmUp(
  bundle: Pick<Bundle, 'files'>,
  open: (part: BundlePart) => Promise<unknown>,
): Promise<void> {
  if (bundle.files.reduce((sum, { bytes }) => sum + bytes, 0) > SMALL) return;
  for (const part of BUNDLE_PARTS.filter((name) => hasPart(bundle, name))) {
    // The runtime builds a graph without giving way: what came meanwhile goes first.
    await setImmediate();
    const isOpen = await open(part).then(
      () => true,
      () => false,
    );
    if (!isOpen) return;
  }
}
