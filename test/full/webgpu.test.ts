import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import {
  type Bundle,
  type BundlePart,
  graphFor,
} from '@emoeditor/companion-server/models/bundle.ts';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { Tensors } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import {
  probeFault,
  probeGraph,
  probeInput,
  wave,
} from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { tensor, zeros } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import type { Answer, Job } from './webgpuChild.ts';

/** Chromium brings SwiftShader, a Vulkan driver that computes on the CPU, and the Vulkan loader. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER = join(CHROMIUM, 'vk_swiftshader_icd.json');
const obstacle = existsSync(DRIVER) ? null : `no ${DRIVER}: install Chromium for a Vulkan driver`;

const GOLDEN = join(import.meta.dirname, '../golden');
const folder = temporaryFolder();

/** A value of a wave for every element, none of them beyond `size`. */
const waves = (dims: readonly number[], size = 1, k = 1) => {
  const length = dims.reduce((product, side) => product * side, 1);
  return tensor(
    wave(length, k).map((value) => value * size),
    [...dims],
  );
};
const picture = { image: waves([1, 3, 64, 48], 1, 0.05) };
const latents = { latents: waves([1, 4, 8, 6], 2) };
const ids = Float32Array.from({ length: 77 }, (_, i) => (i * 7) % 80);

type Models = 'models' | 'patched' | 'instruct';

interface Part {
  readonly title: string;
  readonly models: Models;
  readonly part: BundlePart;
  readonly inputs: (bundle: Bundle) => Tensors;
}

const unetInputs = ({ conditioning: { width } }: Bundle) => ({
  sample: waves([1, 8, 8, 8]),
  timestep: tensor(Float32Array.of(500), [1]),
  tokens: waves([1, 4, width], 1, 0.7),
});

/** Every part of the tiny models: those of our training, those with the starter's autoencoder, InstructPix2Pix. */
const PARTS: readonly Part[] = [
  {
    title: 'UNet',
    models: 'models',
    part: 'unet',
    inputs: unetInputs,
  },
  { title: 'VAE encoder', models: 'models', part: 'vaeEncoder', inputs: () => picture },
  { title: 'VAE decoder', models: 'models', part: 'vaeDecoder', inputs: () => latents },
  { title: 'patch encoder', models: 'patched', part: 'vaeEncoder', inputs: () => picture },
  { title: 'patch decoder', models: 'patched', part: 'vaeDecoder', inputs: () => latents },
  { title: 'tiny decoder', models: 'models', part: 'tinyDecoder', inputs: () => latents },
  {
    title: 'emotion encoder',
    models: 'models',
    part: 'emotionEncoder',
    inputs: () => ({ directions: waves([2, 8]) }),
  },
  {
    title: 'text encoder',
    models: 'instruct',
    part: 'textEncoder',
    inputs: () => ({ ids: tensor(ids, [1, 77]) }),
  },
  {
    title: 'predictor',
    models: 'models',
    part: 'predictor',
    inputs: ({ predictor: { inputSize: side } }) => ({ image: waves([1, 3, side, side], 1, 0.05) }),
  },
];

async function importAll(): Promise<Readonly<Record<Models, Bundle>>> {
  const [models, patched, instruct] = [
    join(GOLDEN, 'models'),
    folder('patch'),
    join(GOLDEN, 'instruct'),
  ];
  await cp(models, patched, { recursive: true });
  await rm(join(patched, 'vae'), { recursive: true });
  await cp(join(models, 'patch_vae'), join(patched, 'vae'), { recursive: true });
  const imported = async (name: Models, path: string) =>
    (
      await importBundle(path, folder(name), {
        precision: 'float16',
        tinyDecoder: join(GOLDEN, 'tiny'),
      })
    ).bundle;
  return {
    models: await imported('models', models),
    patched: await imported('patched', patched),
    instruct: await imported('instruct', instruct),
  };
}

const jobOf = (graph: string, inputs: Tensors): Job => {
  const plain = Object.entries(inputs).map(([name, { data, dims }]) => [
    name,
    { data: Array.from(data), dims: [...dims] },
  ]);
  return { graph, inputs: Object.fromEntries(plain) };
};

/** A process of its own: a provider of ONNX Runtime takes its driver from the environment it starts in. */
async function onWebGpu(jobs: readonly Job[]): Promise<Answer[]> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'webgpuChild.ts')],
    {
      env: {
        ...process.env,
        VK_ICD_FILENAMES: DRIVER,
        LD_LIBRARY_PATH: dirname(DRIVER),
        XDG_RUNTIME_DIR: folder(),
      },
    },
  );
  child.stdin.end(JSON.stringify(jobs));
  const [out, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (!out.startsWith('[')) throw new Error(`WebGPU gave no answers: ${out} ${complaints}`);
  return JSON.parse(out);
}

async function onCpu(graph: string, inputs: Tensors): Promise<Float32Array> {
  const session = await openOnnxSession(graph, { provider: 'cpu', threads: 1 });
  const [output] = Object.values(await session.run(inputs));
  await session.release();
  return output?.data ?? new Float32Array();
}

const numbersOf = (answer: Answer | undefined): number[] => {
  if (answer === undefined || 'error' in answer) throw new Error(answer?.error ?? 'no answer');
  return answer.numbers;
};

function expectAlike(gpu: readonly number[], cpu: Float32Array): void {
  expect(gpu).toHaveLength(cpu.length);
  const difference = Math.hypot(...gpu.map((value, i) => value - (cpu[i] ?? Number.NaN)));
  expect(difference / Math.hypot(...cpu)).toBeLessThan(1e-4);
}

describe.skipIf(obstacle !== null)(
  'the WebGPU provider, on a Vulkan driver in software',
  { timeout: 600_000 },
  () => {
    let bundles: Awaited<ReturnType<typeof importAll>>;
    let probed: Answer | undefined;
    let answers: Answer[];

    beforeAll(async () => {
      bundles = await importAll();
      const probe = folder('probe.onnx');
      await writeFile(probe, encodeModel(probeGraph(EMIT_PROFILES.portable)));
      const jobs = PARTS.map(({ models, part, inputs }) => {
        const graph = graphFor(bundles[models], part, 'portable');
        return jobOf(folder(models, graph), inputs(bundles[models]));
      });
      jobs.unshift(jobOf(probe, { x: probeInput() }));
      const unet = folder('models', graphFor(bundles.models, 'unet', 'portable'));
      jobs.push({ ...jobOf(unet, unetInputs(bundles.models)), fixed: 'tokens' });
      // The driver compiles on one thread, which takes nearly all the time.
      const [even, odd] = await Promise.all(
        [0, 1].map((rest) => onWebGpu(jobs.filter((_, index) => index % 2 === rest))),
      );
      [probed, ...answers] = jobs.map((_, i) => (i % 2 === 0 ? even : odd)?.[i >> 1] as Answer);
    }, 600_000);

    it('computes the network that proves a provider', () => {
      const y = tensor(Float32Array.from(numbersOf(probed)), [1, 4, 30, 24]);
      expect(probeFault(y)).toBeNull();
    });

    it.each(PARTS.map((one, index) => ({ ...one, index })))(
      'gives the CPU’s numbers for an imported $title, each from its own graph over the same weights',
      async ({ models, part, inputs, index }) => {
        const bundle = bundles[models];
        const cpu = await onCpu(folder(models, graphFor(bundle, part, 'cpu')), inputs(bundle));
        expectAlike(numbersOf(answers[index]), cpu);
      },
    );

    it('keeps an input that is fixed on the device until another comes in its place', async () => {
      const inputs = unetInputs(bundles.models);
      const graph = folder('models', graphFor(bundles.models, 'unet', 'cpu'));
      const first = await onCpu(graph, inputs);
      const { dims } = inputs.tokens;
      const last = await onCpu(graph, { ...inputs, tokens: zeros(dims) });
      const numbers = numbersOf(answers.at(-1));
      const runs = [0, 1, 2].map((run) => numbers.slice(run * first.length).slice(0, first.length));
      expectAlike(runs[0] as number[], first);
      expect(runs[1]).toEqual(runs[0]);
      expectAlike(runs[2] as number[], last);
      expect(runs[2]).not.toEqual(runs[0]);
    });
  },
);
