/** A failure in sentences for people: the message says what was expected and what came, the hint what to do now. */
export abstract class HintedError<Code extends string> extends Error {
  readonly code: Code;
  readonly hint: string;

  constructor(code: Code, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
