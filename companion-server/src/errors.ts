import { homedir } from 'node:os';
import { ProtocolError, type WireErrorCode } from '@emoeditor/shared';
import { CompositorError } from './compositor/compositorError.ts';
import { HintedError } from './hintedError.ts';
import { ImageError } from './imaging/imageError.ts';
import { ModelError } from './models/modelError.ts';
import { PipelineError } from './pipeline/pipelineError.ts';
import { BankError } from './scene/bank/bankError.ts';
import { SceneError } from './scene/elements/sceneError.ts';
import { PlannerError } from './scene/planner/plannerError.ts';

export type StartErrorCode = 'BAD_SETTING' | 'PORT_TAKEN' | 'CANNOT_LISTEN';

/** Why the server cannot start. */
export class StartError extends HintedError<StartErrorCode> {
  override readonly name = 'StartError';
}

/** Any failure as the error that crosses the wire (ER1); what we did not foresee becomes INTERNAL. */
export function protocolErrorOf(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (error instanceof ModelError) {
    if (error.code !== 'MODEL_FAILED') return wire(error.code, error, false);
    return wire('INTERNAL', { message: withoutPaths(error.message), hint: error.hint }, false);
  }
  if (error instanceof CompositorError || error instanceof ImageError) {
    return wire('BAD_IMAGE', error, false);
  }
  if (error instanceof BankError) {
    return wire(error.code, { message: withoutPaths(error.message), hint: error.hint }, false);
  }
  if (error instanceof PlannerError) return wire('BAD_MESSAGE', error, false);
  if (error instanceof SceneError) return wire('INTERNAL', error, false);
  if (error instanceof PipelineError) {
    return wire(error.code === 'BAD_PICTURE' ? 'BAD_IMAGE' : 'INTERNAL', error, false);
  }
  if (isOutOfMemory(error)) {
    return new ProtocolError({
      code: 'OUT_OF_MEMORY',
      message: 'The models need more memory than this machine has free.',
      hint: 'Close other programs and run the edit again.',
      retryable: true,
    });
  }
  return new ProtocolError({
    code: 'INTERNAL',
    message: `Something unexpected went wrong: ${withoutPaths(messageOf(error))}`,
    hint: 'Run the edit again. If it happens again, please report it with the server’s log.',
    retryable: true,
  });
}

/** Paths of this machine shortened to their last part: an error may be shown, sent and photographed. */
export function withoutPaths(text: string): string {
  return text
    .replaceAll(homedir(), '~')
    .replaceAll(/(?:[A-Za-z]:[\\/]|~?[\\/])(?:[^\s"'“”:;,()<>|\\/]+[\\/])+/g, '…/');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** V8's own allocation errors, and ONNX Runtime's, which are plain errors with a text. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof Error &&
    /bad_alloc|failed to allocate|array buffer allocation failed|out of memory/i.test(error.message)
  );
}

function wire(
  code: WireErrorCode,
  { message, hint }: { message: string; hint: string },
  retryable: boolean,
): ProtocolError {
  return new ProtocolError({ code, message, hint, retryable });
}
