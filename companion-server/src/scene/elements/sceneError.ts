import { HintedError } from '../../hintedError.ts';

export type SceneErrorCode = 'NOT_RENDERED' | 'BAD_VIEW';

/** Why a plan cannot be drawn. */
export class SceneError extends HintedError<SceneErrorCode> {
  override readonly name = 'SceneError';
}
