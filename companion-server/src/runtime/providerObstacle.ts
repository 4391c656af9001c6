import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Why a provider cannot run here, where that can be told without loading it: a failed attempt prints native
 * warnings that frighten people. Null when it is worth trying.
 */
export function providerObstacle(name: string): string | null {
  if (process.platform !== 'linux') return null;
  if (name === 'cuda' && !existsSync(join(nativeFolder(), 'libonnxruntime_providers_cuda.so'))) {
    return 'the CUDA libraries of ONNX Runtime are not installed (docs/gpu.md says how)';
  }
  if (name === 'webgpu' && !existsSync('/dev/dri')) return 'this machine shows no graphics device';
  return null;
}

function nativeFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(entry), 'bin', 'napi-v6', process.platform, process.arch);
}
