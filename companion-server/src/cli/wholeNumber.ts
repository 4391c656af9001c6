import { InvalidArgumentError } from 'commander';
import { numberIn } from './numberIn.ts';

/** For options that take a whole number from 0. */
export function wholeNumber(text: string): number {
  const number = numberIn(text);
  if (!Number.isInteger(number) || number < 0)
    throw new InvalidArgumentError('Give a whole number.');
  return number;
}
