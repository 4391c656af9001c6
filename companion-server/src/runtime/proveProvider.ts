import { type EmitProfile, profilesFor } from '../onnx/emitProfile.ts';
import { encodeModel, type OnnxModel } from '../onnx/onnxModel.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { InferenceSession } from './inferenceRuntime.ts';
import { openOnnxSession, type SessionSettings } from './onnxSession.ts';
import { paceFault, paceGraph, paceOf } from './providerPace.ts';
import {
  PROBE_ANSWER,
  type ProbeAnswer,
  probeFault,
  probeGraph,
  probeInput,
  WIDE_PROBE_ANSWER,
  wideProbeGraph,
  wideProbeInput,
} from './providerProbe.ts';

/** Opens a session; tests pass their own. */
export type OpenSession = (
  graph: Uint8Array,
  settings: SessionSettings,
) => Promise<InferenceSession>;

/** Result of a provider's self-test. */
export interface Proof {
  /** The fastest profile that it computes correctly; null when the provider must not be used. */
  readonly profile: EmitProfile | null;
  /** What is wrong with the provider, or with the profiles tried before the one that works; null when nothing is. */
  readonly fault: string | null;
}

/**
 * Lets a provider compute small networks with known answers, in each of its profiles, and compares its speed with the
 * CPU's.
 */
export async function proveProvider(
  settings: SessionSettings,
  open: OpenSession = openOnnxSession,
  now: () => number = () => performance.now(),
): Promise<Proof> {
  const profiles = profilesFor(settings.provider);
  const faults: { readonly numbers: string; readonly fault: string }[] = [];
  for (const profile of profiles) {
    const fault = await orFirstSentence(() => faultOf(profile, settings, open));
    if (fault === null) {
      const slow = await orFirstSentence(() => slownessOf(settings, open, now));
      return slow === null
        ? { profile, fault: together(faults, false) }
        : { profile: null, fault: slow };
    }
    faults.push({ numbers: profile.numbers, fault });
  }
  return { profile: null, fault: together(faults, true) };
}

/** @param isAll true when no profile works; identical faults are then reported once, as when a driver is missing */
function together(
  faults: readonly { readonly numbers: string; readonly fault: string }[],
  isAll: boolean,
): string | null {
  if (faults.length === 0) return null;
  const isAlike = isAll && new Set(faults.map(({ fault }) => fault)).size === 1;
  if (isAlike) return faults[0]?.fault ?? null;
  return faults.map(({ numbers, fault }) => `in ${numbers}: ${fault}`).join('; ');
}

async function faultOf(
  profile: EmitProfile,
  settings: SessionSettings,
  open: OpenSession,
): Promise<string | null> {
  const answerTo = (graph: OnnxModel, x: Tensor, answer: ProbeAnswer) =>
    withSession(open, encodeModel(graph), settings, async (session) => {
      const { y } = await session.run({ x });
      return y === undefined ? 'a small network gave no output' : probeFault(y, answer);
    });
  const fault = await answerTo(probeGraph(profile), probeInput(), PROBE_ANSWER);
  if (fault !== null || profile.residual === 'standard') return fault;
  return answerTo(wideProbeGraph(profile), wideProbeInput(), WIDE_PROBE_ANSWER);
}

async function slownessOf(
  settings: SessionSettings,
  open: OpenSession,
  now: () => number,
): Promise<string | null> {
  if (settings.provider === 'cpu') return null;
  const graph = paceGraph();
  const pace = await withSession(open, graph, settings, (session) => paceOf(session, now));
  const cpu = { ...settings, provider: 'cpu' };
  return paceFault(pace, await withSession(open, graph, cpu, (session) => paceOf(session, now)));
}

async function withSession<T>(
  open: OpenSession,
  graph: Uint8Array,
  settings: SessionSettings,
  use: (session: InferenceSession) => Promise<T>,
): Promise<T> {
  const session = await open(graph, settings);
  try {
    return await use(session);
  } finally {
    await session.release();
  }
}

async function orFirstSentence(prove: () => Promise<string | null>): Promise<string | null> {
  try {
    return await prove();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.split('\n', 1)[0]?.slice(0, 200) ?? 'unknown error';
  }
}
