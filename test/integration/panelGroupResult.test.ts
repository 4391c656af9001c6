import { flatten } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import {
  evoke,
  furthest,
  history,
  layerOf,
  names,
  openDocument,
  stage,
  WHOLE,
} from './expectations/stage.ts';

const { photoshop } = stage();
const AS_GROUP = { 'org.emoeditor.result': 'group' };

describe('a result as a group', () => {
  it('is a Grade and a Content layer, clipped to it, that show the same as one layer', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const user = fake.user(document);
    user.selectArea({ left: 20, top: 20, right: 80, bottom: 80 }, { ellipse: true, feather: 8 });
    const shown = () => flatten(document.content, 8, WHOLE).rgba;
    await fake.actions.play([evoke({ intensity: 80 })]);
    const one = Uint8Array.from(shown());
    user.undo();
    await fake.actions.play([evoke({ intensity: 80, ...AS_GROUP })]);
    expect(history(document)).toEqual(['Open', 'Select', 'Awe · 80 %']);
    const group = layerOf(document, 'Awe · 80 %');
    expect(group.kind).toBe('group');
    const facts = group.children.map(({ name, isClippingMask, mask }) => ({
      name,
      isClippingMask,
      isMasked: mask !== null,
    }));
    expect(facts).toEqual([
      { name: 'Content', isClippingMask: true, isMasked: false },
      { name: 'Grade', isClippingMask: false, isMasked: true },
    ]);
    expect(furthest(one, Uint8Array.from(shown()))).toBe(0);
  });

  it('is refused for a clipped layer, with what to do', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const { id } = layerOf(document, 'Photo');
    document.changeLayer(id, (layer) => ({ ...layer, isClippingMask: true }));
    await expect(fake.actions.play([evoke(AS_GROUP)])).rejects.toThrow(/clipped.*One layer/);
    expect(names(document)).toEqual(['Photo', 'Background']);
  });
});
