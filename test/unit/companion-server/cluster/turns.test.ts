import { createTurns, placesInTurns } from '@emoeditor/companion-server/cluster/worker/turns.ts';
import { describe, expect, it } from 'vitest';

function turnsAt() {
  const clock = { now: 1000 };
  return { clock, turns: createTurns(() => clock.now) };
}
const waiting = (...artists: string[]) => artists.map((artist) => ({ artist, count: 1 }));
const names = (list: readonly { artist: string }[]) => list.map(({ artist }) => artist);
const NONE = new Map<string, number>();

describe('turns of artists', () => {
  it('go first to who has fewer edits running, then to who had less of the engines', () => {
    const { turns } = turnsAt();
    turns.used('ana', 5000);
    turns.used('ben', 100);
    expect(names(turns.order(waiting('ana', 'ben', 'cyd'), NONE))).toEqual(['cyd', 'ben', 'ana']);
    const running = new Map([['cyd', 1]]);
    expect(names(turns.order(waiting('ana', 'ben', 'cyd'), running))).toEqual([
      'ben',
      'ana',
      'cyd',
    ]);
  });

  it('forget use over time', () => {
    const { turns, clock } = turnsAt();
    turns.used('ana', 5000);
    clock.now += 600_000;
    turns.used('ben', 100);
    expect(names(turns.order(waiting('ana', 'ben'), NONE))).toEqual(['ana', 'ben']);
  });

  it('alternate between artists of the same use', () => {
    const { turns, clock } = turnsAt();
    const got: string[] = [];
    for (let i = 0; i < 6; i++) {
      const [next] = names(turns.order(waiting('ana', 'ben', 'cyd'), NONE));
      got.push(next!);
      turns.took(next!);
      clock.now += 1;
    }
    expect(got).toEqual(['ana', 'ben', 'cyd', 'ana', 'ben', 'cyd']);
  });

  it('come in the end, however much an artist had before', () => {
    const { turns, clock } = turnsAt();
    turns.used('ana', 1e9);
    turns.order(waiting('ana', 'ben'), NONE);
    clock.now += 31_000;
    expect(names(turns.order(waiting('ana', 'new'), NONE))).toEqual(['ana', 'new']);
  });

  it('tell how many are ahead of each edit', () => {
    const ordered = [
      { artist: 'ben', count: 1 },
      { artist: 'ana', count: 3 },
    ];
    expect([...placesInTurns(ordered)]).toEqual([
      ['ben', [0]],
      ['ana', [1, 2, 3]],
    ]);
    expect([...placesInTurns([])]).toEqual([]);
  });
});
