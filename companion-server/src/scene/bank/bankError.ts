import { HintedError } from '../../hintedError.ts';

/** Why the instructions of a bundle cannot be used: they are as much part of it as its networks. */
export class BankError extends HintedError<'MODEL_CORRUPT'> {
  override readonly name = 'BankError';
}
