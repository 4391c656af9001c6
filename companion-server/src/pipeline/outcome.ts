import {
  describeTarget,
  type EditRequest,
  type IterationReport,
  type Outcome,
} from '@emoeditor/shared';
import { probabilityOf } from './critic/targetProbability.ts';
import type { IeiRules, Origin } from './ieiRules/rules.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** How a run ended and why this iteration was chosen; failure is said as plainly as success. */
export function outcomeOf(
  { target }: Pick<EditRequest, 'target'>,
  rules: Pick<IeiRules, 'judges' | 'asked'>,
  origin: Origin,
  reports: readonly IterationReport[],
  chosen: number,
): Outcome {
  const report = reports[chosen];
  if (report === undefined) throw new RangeError(`Expected a report of iteration ${chosen}.`);
  const name = describeTarget(target);
  const before = probabilityOf(origin.target, origin.distribution);
  const facts = { name, before, asked: rules.asked(origin), report, count: reports.length };
  const isConvinced = report.verdict === 'accepted';
  if (rules.judges === 'decoded') {
    return { kind: isConvinced ? 'convinced' : 'notConvinced', reason: asPublished(facts) };
  }
  if (before > facts.asked) return { kind: 'alreadyShown', reason: shownAlready(facts) };
  return isConvinced
    ? { kind: 'convinced', reason: convinced(facts) }
    : { kind: 'notConvinced', reason: notConvinced(facts) };
}

interface Facts {
  readonly name: string;
  readonly before: number;
  readonly asked: number;
  readonly report: IterationReport;
  readonly count: number;
}

const strengthText = ({ strength = 1 }: IterationReport) =>
  strength < 1 ? ` ${percent(strength)} of what was generated is enough.` : '';

const convinced = ({ name, before, asked, report }: Facts) =>
  `${name} rose from ${percent(before)} to ${percent(report.pTarget)}, where ${percent(asked)} is asked for.${strengthText(report)}`;

const shownAlready = ({ name, before, report }: Facts) =>
  `${name} is read at ${percent(before)} in the photograph already, so it was changed little: ${percent(report.pTarget)} now.`;

function notConvinced({ name, before, asked, report, count }: Facts): string {
  const { index, pTarget, verdict } = report;
  const tried = count === 1 ? 'The iteration' : `None of ${count} iterations`;
  const failed = count === 1 ? 'did not convince' : 'convinced';
  const reached =
    verdict === 'ssimTooLow'
      ? `iteration ${index + 1} is shown, which has ${percent(pTarget)} but lost much of the photograph`
      : `iteration ${index + 1} is shown, which came nearest with ${percent(pTarget)}`;
  const rise =
    pTarget > before ? `, up from ${percent(before)}` : ` and had ${percent(before)} before`;
  return `${tried} ${failed} (${name}, ${percent(asked)} is asked for): ${reached}${rise}.`;
}

/** The published rules judge the VAE's decoded picture; the report on the layer is given as well. */
function asPublished({ name, asked, report, count }: Facts): string {
  const { index, judged = report, pTarget, verdict } = report;
  const decision =
    verdict === 'accepted'
      ? `Accepted as published: the decoded picture shows ${name} at ${percent(judged.pTarget)}.`
      : `None of ${count} iterations was accepted as published (above ${percent(asked)}): iteration ${index + 1} is shown, whose decoded picture has the most, ${percent(judged.pTarget)}.`;
  return `${decision} Its layer is read as ${percent(pTarget)}.`;
}
