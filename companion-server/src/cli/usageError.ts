/** A command that cannot be carried out as it was typed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to do now. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
