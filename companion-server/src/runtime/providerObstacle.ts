import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Device files of graphics cards on Linux: Mesa's and other free drivers', NVIDIA's, Windows' own in WSL. */
const DEVICES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

/** Providers whose libraries the npm package leaves out. */
const EXTRA_LIBRARIES: Readonly<Record<string, { library: string; title: string }>> = {
  cuda: { library: 'libonnxruntime_providers_cuda.so', title: 'CUDA' },
  tensorrt: { library: 'libonnxruntime_providers_tensorrt.so', title: 'TensorRT' },
};

/**
 * Why a provider cannot run here, found without loading it, because a failed attempt prints alarming native warnings.
 * Null when it is worth trying.
 */
export function providerObstacle(
  name: string,
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (platform !== 'linux') return null;
  const extra = EXTRA_LIBRARIES[name];
  if (extra !== undefined && !exists(join(nativeFolder(), extra.library))) {
    return `the ${extra.title} libraries of ONNX Runtime are not installed (docs/gpu.md says how)`;
  }
  if (name === 'webgpu' && !DEVICES.some(exists)) return 'this machine shows no graphics device';
  return null;
}

function nativeFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(entry), 'bin', 'napi-v6', process.platform, process.arch);
}
