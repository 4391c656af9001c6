import type { ExecutionContext } from 'photoshop/dom/CoreModules';
import type { Document } from 'photoshop/dom/Document';
import { textOf } from '../../errors.ts';
import type { PhotoshopModule } from '../photoshopModule.ts';

/** One thing that the documents leave open, tried out. `rules` are those of docs/smoke-test.md. */
export interface Check<Context> {
  readonly rules: string;
  readonly asks: string;
  /** What was seen, in a few words; what it throws is told as such. */
  try(context: Context): Promise<string> | string;
}

/** A small document that is made for the checks and closed afterwards without a question. */
export interface TrialDocument {
  readonly photoshop: PhotoshopModule;
  readonly context: ExecutionContext;
  readonly document: Document;
  readonly depth: 8 | 16;
}

/** @returns one line for each check: `IM3 the largest 16-bit sample: 32768` */
export async function tryAll<Context>(
  checks: readonly Check<Context>[],
  context: Context,
): Promise<string[]> {
  const lines: string[] = [];
  for (const check of checks) {
    let seen: string;
    try {
      seen = await check.try(context);
    } catch (error) {
      seen = `fails with “${textOf(error)}”`;
    }
    lines.push(`${check.rules} ${check.asks}: ${seen}`);
  }
  return lines;
}
