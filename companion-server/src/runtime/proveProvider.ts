import { profileFor } from '../onnx/emitProfile.ts';
import type { InferenceSession } from './inferenceRuntime.ts';
import { openOnnxSession, type SessionSettings } from './onnxSession.ts';
import { paceFault, paceGraph, paceOf } from './providerPace.ts';
import { probeFault, probeGraph, probeInput } from './providerProbe.ts';

/** How a session is opened; the tests of the proof bring their own. */
export type OpenSession = (
  graph: Uint8Array,
  settings: SessionSettings,
) => Promise<InferenceSession>;

/** What is wrong with a provider: it does not load, computes wrongly, or is slower than the CPU. Null when nothing is. */
export async function proveProvider(
  settings: SessionSettings,
  open: OpenSession = openOnnxSession,
  now: () => number = () => performance.now(),
): Promise<string | null> {
  try {
    const probe = probeGraph(profileFor(settings.provider));
    const fault = await withSession(open, probe, settings, async (session) => {
      const { y } = await session.run({ x: probeInput() });
      return y === undefined ? 'a small network gave no output' : probeFault(y);
    });
    if (fault !== null || settings.provider === 'cpu') return fault;
    const graph = paceGraph();
    const pace = await withSession(open, graph, settings, (session) => paceOf(session, now));
    const cpu = { ...settings, provider: 'cpu' };
    return paceFault(pace, await withSession(open, graph, cpu, (session) => paceOf(session, now)));
  } catch (error) {
    return firstSentence(error);
  }
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

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.slice(0, 200) ?? 'unknown error';
}
