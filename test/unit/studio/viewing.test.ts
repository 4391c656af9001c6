import { describe, expect, it } from 'vitest';
import { shortcutOf } from '../../../studio/src/shortcuts.ts';
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
