import { newLayer } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import { evoke, history, layerOf, names, openDocument, stage } from './stage.ts';

const { photoshop } = stage();

describe('expectation 1: the result is a new layer directly above the source, named after what was done', () => {
  it('from the panel, with other layers around it', async () => {
    const world = photoshop();
    const document = openDocument(world.fake);
    const photo = layerOf(document, 'Photo');
    const { layers, ...rest } = document.content;
    const title = newLayer(8, { name: 'Title', kind: 'text' });
    document.change({ ...rest, layers: [title, ...layers] });
    const page = world.openPanel();
    await page.press(/^Awe/);
    await page.press('Evoke Awe');
    await page.says('“Awe · 100 %” is in the document');
    expect(names(document)).toEqual(['Title', 'Awe · 100 %', 'Photo', 'Background']);
    expect(layerOf(document, 'Photo')).toBe(photo);
    expect(document.content.layers[0]).toBe(title);
    expect(history(document)).toEqual(['Open', 'Awe · 100 %']);
  });

  it('within the group that the source is in', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    const photo = layerOf(document, 'Photo');
    const { layers, ...rest } = document.content;
    const group = newLayer(8, { name: 'Retouched', kind: 'group', children: [photo] });
    document.change({ ...rest, layers: [group, layers[1]!] });
    await fake.actions.play([evoke({ intensity: 60 })]);
    expect(names(document)).toEqual(['Retouched', 'Background']);
    const inside = layerOf(document, 'Retouched').children;
    expect(inside.map(({ name }) => name)).toEqual(['Awe · 60 %', 'Photo']);
    expect(inside[1]).toBe(photo);
  });

  it('and the next emotion starts from the photograph again, above the result before', async () => {
    const { fake } = photoshop();
    const document = openDocument(fake);
    await fake.actions.play([evoke(), evoke({ emotion: 'fear' })]);
    expect(names(document)).toEqual(['Fear · 100 %', 'Awe · 100 %', 'Photo', 'Background']);
    const alone = openDocument(fake, { name: 'alone.psd' });
    await fake.actions.play([evoke({ emotion: 'fear' })]);
    const bounds = layerOf(alone, 'Fear · 100 %').pixels.bounds;
    expect(layerOf(document, 'Fear · 100 %').pixels.read(bounds)).toEqual(
      layerOf(alone, 'Fear · 100 %').pixels.read(bounds),
    );
  });
});
