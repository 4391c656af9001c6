import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const SERVER = fileURLToPath(new URL('..', import.meta.url));

/** What the server starts in processes and threads of its own; see src/programs.ts. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  engineProcess: 'src/engine/engineProcess.ts',
  compositorWorker: 'src/engine/threads/compositorWorker.ts',
  bundleModels: 'src/engine/bundleModels.ts',
};

interface BundleOptions {
  /** Where the bundles go; node_modules must be found from there. */
  readonly outdir: string;
  /** The same as the bundled code finds it: relative to `src`, or a file URL. */
  readonly address: string;
  /** True if `outdir` may be moved together with the sources: then their places are told relative to it. */
  readonly isMovable: boolean;
}

/**
 * Bundles TypeScript that shares modules, so that it starts in a fraction of the time that the sources take. Kernels,
 * models and the studio stay where they are: `import.meta.url` keeps pointing at the source.
 * @param entries path of a module by the name of its bundle
 */
export async function bundlePrograms(
  entries: Readonly<Record<string, string>>,
  { outdir, address, isMovable }: BundleOptions,
): Promise<void> {
  await build({
    absWorkingDir: SERVER,
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunk-[hash]',
    define: { BUNDLE_FOLDER: JSON.stringify(address) },
    // Native code, worker threads of their own and files beside them do not survive bundling.
    external: [
      'onnxruntime-node',
      'sharp',
      'bufferutil',
      'utf-8-validate',
      'pino',
      'pino-pretty',
      'lcms-wasm',
      'tsx',
    ],
    // Packages in CommonJS among the bundled ones ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'warning',
    plugins: [sourceUrls(isMovable)],
  });
}

/** Gives every module the address of its source, whatever chunk it ends up in. */
export function sourceUrls(isMovable: boolean): Plugin {
  return {
    name: 'source-urls',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]companion-server[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const source = `../${relative(SERVER, path).split(sep).join('/')}`;
        const own = isMovable
          ? `new URL(${JSON.stringify(source)}, import.meta.url).href`
          : JSON.stringify(pathToFileURL(path).href);
        return { contents: text.replaceAll('import.meta.url', own), loader: 'ts' };
      });
    },
  };
}
