import { partsOf } from '@emoeditor/plugin/session/resultAddition.ts';
import { describe, expect, it } from 'vitest';

const element = (name: string) => ({ element: name, parameters: {}, seed: 1, strength: 1 });
const SCENE = { instruction: null, elements: [element('wet-ground'), element('rain')] };

describe('parts of a result', () => {
  it('are one, whatever is added to the scene', () => {
    expect(partsOf('layer', SCENE)).toEqual([{ name: '', part: 'all' }]);
    expect(partsOf('smartObject', SCENE)).toEqual([{ name: '', part: 'all' }]);
  });

  it('of a group have a layer for each element, named as a retoucher would', () => {
    expect(partsOf('group', SCENE)).toEqual([
      { name: 'Grade', part: 'grade' },
      { name: 'Content', part: 'content' },
      { name: 'Wet ground', part: { element: 0 } },
      { name: 'Rain', part: { element: 1 } },
    ]);
    expect(partsOf('group', null)).toHaveLength(2);
  });
});
