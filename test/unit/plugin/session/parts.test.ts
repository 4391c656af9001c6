import { toBase64 } from '@emoeditor/plugin/base64.ts';
import { etaText, progressLine, progressText } from '@emoeditor/plugin/session/progressText.ts';
import { tilesOf } from '@emoeditor/plugin/session/tiling.ts';
import { verdictText } from '@emoeditor/plugin/ui/wording.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportOf } from '../doubles/scriptedServer.ts';

describe('tilesOf', () => {
  it('covers every pixel of any area exactly once, within the area and the side', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const at = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(
        at,
        at,
        size,
        size,
        fc.integer({ min: 1, max: 16 }),
        (left, top, width, height, side) => {
          const seen = new Uint8Array(width * height);
          for (const tile of tilesOf({ left, top, width, height }, side)) {
            expect(Math.max(tile.width, tile.height)).toBeLessThanOrEqual(side);
            for (let y = 0; y < tile.height; y += 1) {
              for (let x = 0; x < tile.width; x += 1) {
                seen[(tile.top - top + y) * width + tile.left - left + x]! += 1;
              }
            }
          }
          expect(seen.every((count) => count === 1)).toBe(true);
        },
      ),
    );
  });
});

describe('toBase64', () => {
  it('is what everyone else’s is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});

describe('wording', () => {
  const progress = {
    stage: 'denoise',
    iteration: 1,
    maxIterations: 6,
    step: 3,
    steps: 8,
    fraction: 0.2,
  } as const;

  it('counts iterations from one and names steps only while there are any', () => {
    expect(progressText(progress)).toBe('Painting 2 of 6 · step 3 of 8');
    expect(progressText({ ...progress, step: 0 })).toBe('Painting 2 of 6 · step 1 of 8');
    expect(progressText({ ...progress, stage: 'score' })).toBe('Judging 2 of 6');
    expect(progressText({ ...progress, stage: 'queued' })).toBe('Waiting');
    expect(progressText({ ...progress, stage: 'encode' })).toBe('Reading the picture');
  });

  it('rounds what is left to what anyone wants to know', () => {
    expect([undefined, 200, 12_400, 200_000].map(etaText)).toEqual([
      '',
      '≈ 1 s',
      '≈ 12 s',
      '≈ 3 min',
    ]);
  });

  it('puts both in one line for Photoshop', () => {
    expect(progressLine({ ...progress, etaMs: 12_400 })).toBe(
      'Painting 2 of 6 · step 3 of 8 · ≈ 12 s',
    );
    expect(progressLine({ ...progress, stage: 'encode' })).toBe('Reading the picture');
  });

  it('says why an iteration was not accepted', () => {
    expect(verdictText(reportOf(0), 'awe')).toBe('Not enough awe');
  });
});
