import { join } from 'node:path';
import { graphFile } from '@emoeditor/companion-server/models/bundle.ts';
import type { EmitProfile } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import { chooseProvider } from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import type {
  InferenceRuntime,
  InferenceSession,
} from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { proveProvider } from '@emoeditor/companion-server/runtime/proveProvider.ts';
import type { Task } from './contender.mts';
import { folderFor } from './prepare.mts';

interface OnCard {
  readonly profile: EmitProfile;
  /** What the product says of the provider. */
  readonly reason: string;
}

/** The engine's UNet on a graphics card, in the profile that the card's provider computes correctly. */
export async function openOnCard(
  { folder, threads }: Task,
  provider: string,
): Promise<OnCard & { readonly session: InferenceSession }> {
  const { open, ...found } = await runtimeOn(provider, threads);
  const at = folderFor(folder, found.profile.numbers);
  const graph = join(at, graphFile('unet', found.profile.name));
  return { session: await open(graph, join(at, 'unet.weights')), ...found };
}

/** As the product chooses it; what it refuses for its pace alone, such as a driver in software, is measured too. */
async function runtimeOn(
  provider: string,
  threads: number,
): Promise<OnCard & Pick<InferenceRuntime, 'open'>> {
  try {
    const { profile, open, provider: chosen } = await chooseProvider({ provider, threads });
    return { profile, open, reason: chosen.reason };
  } catch (refusal) {
    const isPaced = () => 0;
    const { profile, fault } = await proveProvider({ provider, threads }, openOnnxSession, isPaced);
    if (profile === null) throw new Error(`${(refusal as Error).message} ${fault}`);
    const open = (graph: string) => openOnnxSession(graph, { provider, threads });
    const not = fault === null ? '' : ` (not ${fault})`;
    return { profile, open, reason: `the product refuses it: ${(refusal as Error).message}${not}` };
  }
}
