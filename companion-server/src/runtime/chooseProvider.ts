import { availableParallelism } from 'node:os';
import type { ChosenProvider, InferenceRuntime, RefusedProvider } from './inferenceRuntime.ts';
import { openOnnxSession, type SessionSettings } from './onnxSession.ts';
import { providerObstacle } from './providerObstacle.ts';
import { probeFault, probeGraph, probeInput } from './providerProbe.ts';

/** Providers worth trying, the fastest first. Source: the packages that onnxruntime-node 1.30 ships per platform. */
const ORDER: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
  linux: ['cuda', 'webgpu', 'cpu'],
};

export interface ProviderWish {
  /** Only this one; otherwise the first that proves itself. */
  readonly provider?: string;
  readonly threads?: number;
}

/**
 * The first execution provider that computes a small network with a known answer correctly.
 * @throws Error when the wanted provider, or every one, fails; the message lists why
 */
export async function chooseProvider(wish: ProviderWish = {}): Promise<InferenceRuntime> {
  const threads = wish.threads ?? availableParallelism();
  const candidates = wish.provider ? [wish.provider] : (ORDER[process.platform] ?? ['cpu']);
  const refused: RefusedProvider[] = [];
  for (const name of candidates) {
    const fault = await faultOf({ provider: name, threads });
    if (fault === null) return runtimeOn({ name, threads, refused, isWished: !!wish.provider });
    refused.push({ name, reason: fault });
  }
  const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new Error(`No execution provider runs. ${reasons}`);
}

/** Every provider of this platform with what is wrong with it; null where it works. For `doctor`. */
export async function proveProviders(
  threads = availableParallelism(),
): Promise<{ readonly name: string; readonly fault: string | null }[]> {
  const proofs = [];
  for (const name of ORDER[process.platform] ?? ['cpu']) {
    proofs.push({ name, fault: await faultOf({ provider: name, threads }) });
  }
  return proofs;
}

async function faultOf(settings: SessionSettings): Promise<string | null> {
  const obstacle = providerObstacle(settings.provider);
  if (obstacle !== null) return obstacle;
  try {
    const session = await openOnnxSession(probeGraph(), settings);
    try {
      const { y } = await session.run({ x: probeInput() });
      return y === undefined ? 'a small network gave no output' : probeFault(y);
    } finally {
      await session.release();
    }
  } catch (error) {
    return firstSentence(error);
  }
}

function runtimeOn(choice: {
  name: string;
  threads: number;
  refused: RefusedProvider[];
  isWished: boolean;
}): InferenceRuntime {
  const { name, threads, refused, isWished } = choice;
  const before = refused.map((other) => other.name).join(', ');
  const why = isWished
    ? 'it was asked for and computed the test network correctly'
    : before === ''
      ? 'the first choice here, and it computed the test network correctly'
      : `it computed the test network correctly; ${before} did not run`;
  const provider: ChosenProvider = { name, reason: why, refused };
  return { provider, open: (path) => openOnnxSession(path, { provider: name, threads }) };
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.slice(0, 200) ?? 'unknown error';
}
