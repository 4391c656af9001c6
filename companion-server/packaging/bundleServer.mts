import { readFile, rm } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const SERVER = fileURLToPath(new URL('..', import.meta.url));

await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });

/**
 * Bundles command line, server, engine and compositor thread into `dist`, which starts in a fraction of the time that
 * the sources take. Kernels, models and the studio stay where they are: `import.meta.url` keeps pointing at the source.
 */
await build({
  absWorkingDir: SERVER,
  entryPoints: {
    emoeditor: 'src/cli/main.ts',
    engineProcess: 'src/engine/engineProcess.ts',
    compositorWorker: 'src/engine/threads/compositorWorker.ts',
    bundleModels: 'src/engine/bundleModels.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunk-[hash]',
  define: { IS_BUNDLED: 'true' },
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
  plugins: [sourceUrls()],
});

/** Gives every module the address of its source, whatever chunk it ends up in. */
function sourceUrls(): Plugin {
  return {
    name: 'source-urls',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]companion-server[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const source = relative(SERVER, path).split(sep).join('/');
        const own = `new URL(${JSON.stringify(`../${source}`)}, import.meta.url).href`;
        return { contents: text.replaceAll('import.meta.url', own), loader: 'ts' };
      });
    },
  };
}
