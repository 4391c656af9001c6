/** See vitest.config.ts; absent in benches and screenshots, which run from the sources. */
declare const BUNDLE_FOLDER: string | undefined;

/** What an engine's process loads to run scriptedEngineModels.ts. */
export const SCRIPTED_MODELS: string =
  typeof BUNDLE_FOLDER === 'undefined'
    ? new URL('./scriptedEngineModels.ts', import.meta.url).href
    : `${BUNDLE_FOLDER}scriptedEngineModels.js`;
