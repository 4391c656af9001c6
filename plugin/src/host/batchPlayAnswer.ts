/** Whether a command failed: batchPlay resolves then, with an error descriptor in its place. */
export const isError = (answer: object | undefined): boolean =>
  answer === undefined || (answer as { readonly _obj?: unknown })._obj === 'error';
