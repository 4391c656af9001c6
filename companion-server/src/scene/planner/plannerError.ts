import { HintedError } from '../../hintedError.ts';

export type PlannerErrorCode = 'BAD_MAPS' | 'UNKNOWN_INSTRUCTION' | 'NOT_RENDERED' | 'BAD_PLAN';

/** Why no plan can be made of a scene. */
export class PlannerError extends HintedError<PlannerErrorCode> {
  override readonly name = 'PlannerError';
}
