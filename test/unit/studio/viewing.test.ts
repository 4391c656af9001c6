import { describe, expect, it } from 'vitest';
import { shortcutOf } from '../../../studio/src/shortcuts.ts';
import { areaBetween } from '../../../studio/src/views/marquee.ts';
import { fittingScale, nextStep, percentText } from '../../../studio/src/views/zoom.ts';

describe('zoom', () => {
  it('fits the whole picture into the room and never enlarges it', () => {
    expect(fittingScale({ width: 4000, height: 1000 }, { width: 1000, height: 1000 })).toBe(0.25);
    expect(fittingScale({ width: 100, height: 50 }, { width: 1000, height: 1000 })).toBe(1);
    expect(fittingScale({ width: 0, height: 0 }, { width: 10, height: 10 })).toBe(1);
  });

  it('steps as Photoshop does and stops at the ends', () => {
    expect([nextStep(0.28, 1), nextStep(0.28, -1)]).toEqual([0.333, 0.25]);
    expect([nextStep(16, 1), nextStep(0.03, -1)]).toEqual([16, 0.03]);
    expect([percentText(0.333), percentText(0.03)]).toEqual(['33 %', '3.0 %']);
  });
});

describe('the marquee', () => {
  const frame = { left: 100, top: 50, width: 200, height: 100 };
  const picture = { width: 4000, height: 2000 };

  it('is in pixels of the document, whichever way it is drawn, and ends at the picture’s edge', () => {
    expect(areaBetween({ x: 110, y: 60 }, { x: 150, y: 100 }, frame, picture)).toEqual({
      left: 200,
      top: 200,
      right: 1000,
      bottom: 1000,
    });
    expect(areaBetween({ x: 290, y: 140 }, { x: 0, y: 0 }, frame, picture)).toEqual({
      left: 0,
      top: 0,
      right: 3800,
      bottom: 1800,
    });
  });

  it('is nothing after a mere click', () => {
    expect(areaBetween({ x: 110, y: 60 }, { x: 110, y: 60 }, frame, picture)).toBeNull();
  });
});

describe('shortcuts', () => {
  const press = (key: string, more: Partial<Parameters<typeof shortcutOf>[0]> = {}) =>
    shortcutOf({ key, ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, ...more });

  it('are Photoshop’s, with Ctrl or Cmd', () => {
    expect([press('z'), press('Z', { shiftKey: true }), press('y')]).toEqual([
      'undo',
      'redo',
      'redo',
    ]);
    expect(press('s', { ctrlKey: false, metaKey: true })).toBe('save');
  });

  it('leave every other key alone', () => {
    expect([press('z', { ctrlKey: false }), press('z', { altKey: true }), press('q')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
