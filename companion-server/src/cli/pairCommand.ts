import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createPairings, type Pairing, RENEWED_DAYS, UNUSED_DAYS } from '../session/pairings.ts';
import { UsageError } from './usageError.ts';

interface PairOptions {
  readonly revoke?: string | true;
}

/** `emoeditor pair`: which panels and browsers may connect, and the end of that. */
export function pairCommand(): Command {
  return new Command('pair')
    .description('list the panels and browsers that are paired with this server, or end that')
    .option(
      '--revoke [id]',
      'forget one, or all when no id is given; counts at its next connection',
    )
    .addHelpText(
      'after',
      `\nThe code that pairs a panel is shown by “emoeditor serve”. A pairing that is not used for ${UNUSED_DAYS} days ends by itself; a key of ${RENEWED_DAYS} days gets a new one in its place, without anybody's help.`,
    )
    .action(async ({ revoke }: PairOptions) => {
      const pairings = createPairings(readConfig().pairingsFile);
      if (revoke === undefined) {
        const known = await pairings.list();
        console.log(known.length === 0 ? 'Nothing is paired.' : known.map(describe).join('\n'));
        return;
      }
      const count = await pairings.revoke(revoke === true ? undefined : revoke);
      if (count === 0 && revoke !== true) {
        throw new UsageError(
          `There is no pairing ${revoke}.`,
          'Run “emoeditor pair” to see those that there are.',
        );
      }
      console.log(`${count} ${count === 1 ? 'pairing' : 'pairings'} revoked.`);
    });
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
const describe = ({ id, client, made, used }: Pairing) =>
  `${id}  ${client}, paired ${day(made)}, last used ${day(used)}`;
