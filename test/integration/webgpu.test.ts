import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { graphFor } from '@emoeditor/companion-server/models/bundle.ts';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import {
  probeFault,
  probeGraph,
  probeInput,
  wave,
} from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';

/** Chromium brings SwiftShader, a Vulkan driver that computes on the CPU, and the Vulkan loader. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER = join(CHROMIUM, 'vk_swiftshader_icd.json');
const obstacle = existsSync(DRIVER) ? null : `no ${DRIVER}: install Chromium for a Vulkan driver`;

const GOLDEN = join(import.meta.dirname, '../golden/models');
const folder = temporaryFolder();

/** The first output of a graph; a provider of ONNX Runtime takes its driver from the environment it starts in. */
async function run(
  graph: string,
  provider: string,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Float32Array> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'webgpuChild.ts'), graph, provider],
    {
      env: {
        ...process.env,
        VK_ICD_FILENAMES: DRIVER,
        LD_LIBRARY_PATH: dirname(DRIVER),
        XDG_RUNTIME_DIR: folder(),
      },
    },
  );
  const plain = Object.entries(inputs).map(([name, { data, dims }]) => [
    name,
    { data: Array.from(data), dims },
  ]);
  child.stdin.end(JSON.stringify(Object.fromEntries(plain)));
  const [out, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (!out.startsWith('[')) throw new Error(`${provider} gave no numbers: ${out} ${complaints}`);
  return Float32Array.from(JSON.parse(out));
}

describe.skipIf(obstacle !== null)(
  'the WebGPU provider, on a Vulkan driver in software',
  { timeout: 180_000 },
  () => {
    it('computes the network that proves a provider', async () => {
      const graph = folder('probe.onnx');
      await writeFile(graph, encodeModel(probeGraph(EMIT_PROFILES.portable)));
      const y = await run(graph, 'webgpu', { x: probeInput() });
      expect(probeFault(tensor(y, [1, 4, 30, 24]))).toBeNull();
    });

    it('gives the CPU’s numbers for an imported UNet, each from its own graph over the same weights', async () => {
      const bundle = folder('bundle');
      const { bundle: described } = await importBundle(GOLDEN, bundle, { precision: 'float16' });
      const inputs = {
        sample: tensor(wave(8 * 8 * 8, 1), [1, 8, 8, 8]),
        timestep: tensor(Float32Array.of(500), [1]),
        tokens: tensor(wave(4 * described.conditioning.width, 0.7), [
          1,
          4,
          described.conditioning.width,
        ]),
      };
      const graph = (profile: 'cpu' | 'portable') =>
        join(bundle, graphFor(described, 'unet', profile));
      expect(graph('portable')).not.toBe(graph('cpu'));
      const [cpu, gpu] = await Promise.all([
        run(graph('cpu'), 'cpu', inputs),
        run(graph('portable'), 'webgpu', inputs),
      ]);
      const difference = Math.hypot(...gpu.map((value, i) => value - (cpu[i] ?? Number.NaN)));
      expect(difference / Math.hypot(...cpu)).toBeLessThan(1e-4);
    });
  },
);
