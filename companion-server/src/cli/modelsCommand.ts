import { Command } from 'commander';
import { describePrecision } from '../models/bundle.ts';
import { type BundleEntry, listBundles } from '../models/bundleStore.ts';
import { ModelError } from '../models/modelError.ts';
import { verifyBundle } from '../models/readBundle.ts';
import { pullCommand } from './pullCommand.ts';

/** `emoeditor models`: which bundles are there, and are they whole? */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the installed model bundles')
    .addCommand(pullCommand().exitOverride())
    .option('--verify', 'compare every file with its checksum', false)
    .action(async ({ verify }: { verify: boolean }) => {
      const entries = await listBundles();
      if (entries.length === 0) {
        throw new ModelError(
          'MODEL_MISSING',
          'No model bundle is installed.',
          'Restore the folder models/starter from the repository.',
        );
      }
      let damaged: ModelError | null = null;
      for (const entry of entries) {
        const fault = await faultOf(entry, verify);
        damaged ??= fault;
        console.log(describe(entry, fault, verify));
      }
      if (damaged !== null) throw damaged;
    });
}

async function faultOf(
  { folder, state }: BundleEntry,
  verify: boolean,
): Promise<ModelError | null> {
  if ('error' in state) return state.error;
  if (!verify) return null;
  try {
    await verifyBundle(folder, state.bundle, new AbortController().signal);
    return null;
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

function describe(
  { name, folder, state }: BundleEntry,
  fault: ModelError | null,
  verified: boolean,
): string {
  if (fault !== null || 'error' in state)
    return `${name}  unusable: ${fault?.message ?? ''}\n  ${folder}`;
  const { bundle } = state;
  const megabytes = bundle.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return [
    `${name}  ${bundle.name} ${bundle.version}, ${bundle.kind}, ${megabytes.toFixed(1)} MB ${describePrecision(bundle)}, ${bundle.licence}${verified ? ', checksums match' : ''}`,
    `  ${folder}`,
    ...bundle.limits.map((limit) => `  · ${limit}`),
  ].join('\n');
}
