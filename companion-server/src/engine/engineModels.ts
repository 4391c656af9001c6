import type { EditPipelineParts } from '../pipeline/editPipeline.ts';
import type { EngineInfo } from './engine.ts';
import type { SceneBundle } from './sceneStylist.ts';

/** What an engine runs on: the models and what the bundle says of them. */
export interface EngineModels extends Pick<EditPipelineParts, 'models' | 'fast' | 'acceptance'> {
  readonly provider: EngineInfo['provider'];
  /** There in bundles that tell what a scene shows. */
  readonly scene?: SceneBundle;
  /** Loads what is otherwise loaded at its first use; there where that is worth the memory. */
  warmUp?(): Promise<void>;
  release(): Promise<void>;
}

/** Settings of a loader; sent to the engine process as plain data. */
export interface EngineSettings {
  readonly bundle: string | null;
  readonly threads: number | null;
  readonly provider: string | null;
  readonly cacheFolder: string;
  /** Providers that are not to be tried, and why: engines died on them. */
  readonly demoted?: Readonly<Record<string, string>>;
}

/** What a models module exports as `loadModels`. */
export type LoadModels = (settings: EngineSettings) => Promise<EngineModels>;
