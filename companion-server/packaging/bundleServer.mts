import { rm } from 'node:fs/promises';
import { bundlePrograms, PROGRAMS } from './bundlePrograms.mts';

await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });

/** Command line and server with what they start, in `dist`. */
await bundlePrograms(
  { emoeditor: 'src/cli/main.ts', ...PROGRAMS },
  { outdir: 'dist', address: '../dist/', isMovable: true },
);
