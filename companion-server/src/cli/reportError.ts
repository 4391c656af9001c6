import { CommanderError } from 'commander';

/** Exit codes: 1 the work could not be done, 2 it was asked for wrongly, 130 the user stopped it (as shells say). */
export const EXIT = { failed: 1, usage: 2, cancelled: 130 } as const;

interface WithHint {
  readonly message: string;
  readonly hint: string;
}

const hasHint = (error: unknown): error is WithHint =>
  error instanceof Error && typeof (error as { hint?: unknown }).hint === 'string';

/** What went wrong and what to do, for a person; and the exit code for a script. */
export function describeFailure(error: unknown): { text: string; code: number } {
  if (error instanceof CommanderError)
    return { text: '', code: error.exitCode === 0 ? 0 : EXIT.usage };
  if (error instanceof Error && error.name === 'AbortError') {
    const kept = error.cause instanceof Error ? error.cause.message : 'Nothing was written.';
    return { text: `Cancelled. ${kept}`, code: EXIT.cancelled };
  }
  if (hasHint(error)) {
    const isUsage = (error as { name?: string }).name === 'UsageError';
    return { text: `${error.message}\n  ${error.hint}`, code: isUsage ? EXIT.usage : EXIT.failed };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `Something unexpected went wrong: ${message}\n  Please report it with the command that you ran.`,
    code: EXIT.failed,
  };
}
