import { combine, combineChained } from '@emoeditor/companion-server/tensor/combine.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const weight = fc.double({ min: -4, max: 4, noNaN: true });
const lists = fc
  .integer({ min: 1, max: 9 })
  .chain((length) =>
    fc.tuple(
      ...Array.from({ length: 3 }, () =>
        fc.float32Array({ minLength: length, maxLength: length, noNaN: true, min: -8, max: 8 }),
      ),
    ),
  );

const withoutSignOfZero = (values: Float32Array) => values.map((value) => value + 0);

describe('sums by weight', () => {
  it('are rounded once', () => {
    fc.assert(
      fc.property(lists, weight, weight, weight, ([x, y, z], a, b, c) => {
        const wanted = x!.map((value, i) => a * value + b * y![i]! + c * z![i]!);
        const found = combine([a, x!], [b, y!], [c, z!]);
        expect(withoutSignOfZero(found)).toEqual(withoutSignOfZero(wanted));
      }),
    );
  });

  it('chained are the same as two separate combines, except for the sign of zero', () => {
    fc.assert(
      fc.property(
        lists,
        fc.tuple(weight, weight, weight, weight, weight),
        fc.constantFrom(0, 1, 2),
        (all, [a, b, c, d, e], third) => {
          const [x, y, z] = [all[0]!, all[1]!, all[third]!];
          const first = combine([a, x], [b, y]);
          const second = combine([c, x], [d, first], [e, z]);
          const then = { sampleWeight: c, resultWeight: d, other: [e, z] } as const;
          const found = combineChained([a, x], [b, y], then);
          expect(found.map(withoutSignOfZero)).toEqual([first, second].map(withoutSignOfZero));
        },
      ),
    );
  });

  it('want lists of one length', () => {
    const [two, three] = [new Float32Array(2), new Float32Array(3)];
    expect(() => combine([1, two], [1, three])).toThrow('Expected 2 values');
    expect(() =>
      combineChained([1, two], [1, two], { sampleWeight: 1, resultWeight: 1, other: [1, three] }),
    ).toThrow('but received 3');
  });
});
