import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createGraphCache } from './graphCache.ts';
import type { ChosenProvider, InferenceRuntime, RefusedProvider } from './inferenceRuntime.ts';
import { openCached } from './openCached.ts';
import { openStatic } from './openStatic.ts';
import { type Proof, proveProvider } from './proveProvider.ts';
import { providerObstacle } from './providerObstacle.ts';

/** Providers worth trying, the fastest first. Source: the packages that onnxruntime-node 1.30 ships per platform. */
const ORDER: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
  // TensorRT takes minutes to build an engine per picture size, so CUDA, always present with it, comes first.
  linux: ['cuda', 'tensorrt', 'webgpu', 'cpu'],
};

/** Providers that need fixed input shapes: with dynamic ones they are slow, fail, or recompile at every change. */
const STATIC: readonly string[] = ['dml', 'coreml', 'tensorrt'];

export interface ProviderPreference {
  /** Only this one; when left out, the first that passes its self-test. */
  readonly provider?: string;
  readonly threads?: number;
  /** Providers that are not tried, with the reason; one that is asked for is tried all the same. */
  readonly demoted?: Readonly<Record<string, string>>;
  /** Folder of caches, such as optimised graphs; nothing is cached when left out. */
  readonly cacheFolder?: string;
}

/** Provider preference from settings; null means no preference. */
export const preferenceOf = (settings: {
  readonly provider: string | null;
  readonly threads: number | null;
  readonly cacheFolder: string;
  readonly demoted?: Readonly<Record<string, string>>;
}): ProviderPreference & { readonly cacheFolder: string } => ({
  cacheFolder: settings.cacheFolder,
  ...(settings.demoted === undefined ? {} : { demoted: settings.demoted }),
  ...(settings.provider === null ? {} : { provider: settings.provider }),
  ...(settings.threads === null ? {} : { threads: settings.threads }),
});

/** What the choice depends on; tests pass other machines. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  prove(provider: string, threads: number): Promise<Proof>;
}

const THIS_MACHINE: Machine = { platform: process.platform, prove: proofOf };

/**
 * The first execution provider that computes a small network with a known answer correctly, and faster than the CPU.
 * @throws Error when the wanted provider, or every one, fails; the message lists why
 */
export async function chooseProvider(
  preference: ProviderPreference = {},
  machine: Machine = THIS_MACHINE,
): Promise<InferenceRuntime> {
  const threads = preference.threads ?? availableParallelism();
  const isRequested = preference.provider !== undefined;
  const candidates =
    preference.provider === undefined ? candidatesOn(machine) : [preference.provider];
  const refused: RefusedProvider[] = [];
  for (const name of candidates) {
    // The one that was asked for is tried in any case: the user knows, and no other would be taken.
    const demotion = isRequested ? undefined : preference.demoted?.[name];
    if (demotion !== undefined) {
      refused.push({ name, reason: demotion });
      continue;
    }
    const { profile, fault } = await machine.prove(name, threads);
    if (profile !== null) {
      return {
        provider: reasonFor({ name, refused, isRequested, fault }),
        profile,
        open: opener(name, threads, preference),
      };
    }
    refused.push({ name, reason: fault ?? 'it did not say why' });
  }
  const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new Error(`No execution provider runs. ${reasons}`);
}

/** Every provider of the platform, and the wanted one if it is another, with its proof. For `doctor`. */
export async function proveProviders(
  preference: ProviderPreference = {},
  machine: Machine = THIS_MACHINE,
): Promise<(Proof & { readonly name: string })[]> {
  const threads = preference.threads ?? availableParallelism();
  const names = new Set([
    ...candidatesOn(machine),
    ...(preference.provider ? [preference.provider] : []),
  ]);
  const proofs = [];
  for (const name of names) proofs.push({ name, ...(await machine.prove(name, threads)) });
  return proofs;
}

const candidatesOn = ({ platform }: Machine) => ORDER[platform] ?? ['cpu'];

async function proofOf(name: string, threads: number): Promise<Proof> {
  const obstacle = providerObstacle(name);
  return obstacle === null
    ? proveProvider({ provider: name, threads })
    : { profile: null, fault: obstacle };
}

function opener(
  provider: string,
  threads: number,
  { cacheFolder }: ProviderPreference,
): InferenceRuntime['open'] {
  if (STATIC.includes(provider)) return (graph) => openStatic(graph, { provider, threads });
  const cache = cacheFolder === undefined ? null : createGraphCache(join(cacheFolder, 'graphs'));
  return (graph, weights) => openCached(graph, weights, { provider, threads }, cache);
}

function reasonFor(choice: {
  name: string;
  refused: RefusedProvider[];
  isRequested: boolean;
  fault: string | null;
}): ChosenProvider {
  const { name, refused, isRequested, fault } = choice;
  const before = refused.map((other) => other.name).join(', ');
  const reason = isRequested
    ? 'it was asked for and computed the test network correctly'
    : before === ''
      ? 'the first choice here, and it computed the test network correctly'
      : `it computed the test network correctly; ${before} did not run`;
  return { name, reason: fault === null ? reason : `${reason} (not ${fault})`, refused };
}
