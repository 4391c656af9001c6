import { readConfig } from '../config.ts';
import type { ProviderWish } from '../runtime/chooseProvider.ts';

/** What EMOEDITOR_* says of the runtime, for commands that load models in their own process. */
export function wishedRuntime(): ProviderWish & { readonly cacheFolder: string } {
  const { provider, threads, cacheFolder } = readConfig();
  return {
    cacheFolder,
    ...(provider === null ? {} : { provider }),
    ...(threads === null ? {} : { threads }),
  };
}
