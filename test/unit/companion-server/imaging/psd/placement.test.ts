import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import type { Layer } from 'ag-psd';
import { describe, expect, it } from 'vitest';
import {
  edited,
  HEIGHT,
  halfMask,
  named,
  pixelLayer,
  psdFile,
  read,
  softLayer,
  target,
  WIDTH,
} from './documents.ts';

const NEW = 'Awe · 100 %';
const shadow: NonNullable<Layer['effects']> = {
  dropShadow: [{ enabled: true, size: { units: 'Pixels', value: 3 }, opacity: 0.5 }],
};

/** Names from the bottom up; of clipped layers with an arrow, of hidden ones in brackets. */
const listed = (layers: Layer[] | undefined): unknown[] =>
  (layers ?? []).map(({ name, clipping, hidden, children }) => {
    if (children) return [name, listed(children)];
    const text = `${clipping ? '↳' : ''}${name}`;
    return hidden ? `(${text})` : text;
  });

const withResult = async (layers: Layer[], layer: string | null = 'Photo', layerName = NEW) => {
  const choice = layer === null ? ({ kind: 'topmost' } as const) : named(layer);
  return edited(psdFile([pixelLayer('Below', 10), ...layers]), {
    choice,
    save: target('o.psd', layerName),
  });
};

describe('a result is joined to its source so that the look stays', () => {
  it.each<[string, Partial<Layer>]>([
    ['an opaque Normal layer', {}],
    ['one smaller than the document', { left: 5, top: -4 }],
  ])('%s: a plain layer above it', async (_, look) => {
    const { bytes } = await withResult([pixelLayer('Photo', 90, look)]);
    expect(listed(read(bytes).children)).toEqual(['Below', 'Photo', NEW]);
  });

  it.each<[string, Layer]>([
    ['soft transparency', softLayer('Photo', 128)],
    ['opacity', pixelLayer('Photo', 90, { opacity: 0.5 })],
    ['fill', pixelLayer('Photo', 90, { fillOpacity: 0.5 })],
    ['a blend mode', pixelLayer('Photo', 90, { blendMode: 'multiply' })],
    ['a mask', pixelLayer('Photo', 90, { mask: halfMask() })],
    [
      'a vector mask',
      pixelLayer('Photo', 90, {
        vectorMask: {
          paths: [{ open: false, knots: [{ linked: true, points: [0, 0, 9, 9, 9, 0] }] }],
        } as unknown as NonNullable<Layer['vectorMask']>,
      }),
    ],
    ['effects', pixelLayer('Photo', 90, { effects: shadow })],
    ['knockout', pixelLayer('Photo', 90, { knockout: true })],
    ['hidden', pixelLayer('Photo', 90, { hidden: true })],
  ])('%s: clipped to it, opaque of itself', async (_, layer) => {
    const result = read((await withResult([layer])).bytes).children?.[2];
    expect(result).toMatchObject({ name: NEW, clipping: true, blendMode: 'normal', opacity: 1 });
    expect(result?.imageData?.data[3]).toBe(255);
  });

  it('the base of a clipped stack: within the stack, below what was clipped to it', async () => {
    const layers = [pixelLayer('Photo', 90), pixelLayer('Clipped', 8, { clipping: true })];
    const { bytes } = await withResult(layers);
    expect(listed(read(bytes).children)).toEqual(['Below', 'Photo', `↳${NEW}`, '↳Clipped']);
  });

  it('a clipped layer that simply covers: clipped with it', async () => {
    const layers = [pixelLayer('Base', 9), pixelLayer('Photo', 90, { clipping: true })];
    const { bytes, notes } = await withResult(layers);
    expect(listed(read(bytes).children)).toEqual(['Below', 'Base', '↳Photo', `↳${NEW}`]);
    expect(notes).toEqual([]);
  });

  it('a clipped layer with a look of its own: in its place with the same look, and says so', async () => {
    const mask = halfMask(70);
    const look = { clipping: true, opacity: 0.4, blendMode: 'screen', mask } as const;
    const layers = [pixelLayer('Base', 9), softLayer('Photo', 90, { ...look, effects: shadow })];
    const { bytes, notes } = await withResult(layers);
    const children = read(bytes).children;
    expect(listed(children)).toEqual(['Below', 'Base', '(↳Photo)', `↳${NEW}`]);
    const [source, result] = children?.slice(2) ?? [];
    expect(result).toMatchObject({ opacity: source?.opacity, blendMode: 'screen' });
    expect(result?.effects).toEqual(source?.effects);
    expect(result?.mask?.imageData?.data).toEqual(source?.mask?.imageData?.data);
    expect(result?.imageData?.data[3]).toBe(90);
    expect(notes[0]).toMatch(/“Photo” is hidden now.*same look/);
    // The next one takes the place of the first.
    const again = await edited(bytes, {
      choice: named('Photo'),
      save: target('o.psd', 'Fear · 9 %'),
    });
    expect(listed(read(again.bytes).children)).toEqual([
      ...['Below', 'Base', '(↳Photo)', `(↳${NEW})`, '↳Fear · 9 %'],
    ]);
  });

  it('a clipped shape: without its outline, which its pixels have already', async () => {
    const outline: Partial<Layer> = {
      vectorFill: { type: 'color', color: { r: 9, g: 8, b: 7 } },
      vectorMask: { paths: [] },
      clipping: true,
      opacity: 0.4,
    };
    const layers = [pixelLayer('Base', 9), softLayer('Photo', 90, outline)];
    const { bytes } = await withResult(layers);
    const result = read(bytes).children?.[3];
    expect(result).toMatchObject({ name: NEW, clipping: true });
    expect(result?.vectorMask).toBeUndefined();
    expect(result?.imageData?.data[3]).toBe(90);
  });

  it('a stack whose clipped layers are blended one by one', async () => {
    const layers = [
      pixelLayer('Photo', 90, { blendMode: 'multiply', blendClippendElements: false }),
    ];
    const { bytes } = await withResult(layers);
    expect(listed(read(bytes).children)).toEqual(['Below', '(Photo)', NEW]);
    expect(read(bytes).children?.[2]?.blendMode).toBe('multiply');
  });
});

describe('earlier results', () => {
  it('lie below the new one, whether layers or groups', async () => {
    const layers = [
      pixelLayer('Photo', 90),
      pixelLayer('Fear · 100 %', 1),
      { name: 'Awe 70 % + Fear 30 % · 80 %', children: [pixelLayer('Grade', 1)] },
      pixelLayer('Retouch', 2),
    ];
    const { bytes } = await withResult(layers);
    expect(listed(read(bytes).children)).toEqual([
      ...['Below', 'Photo', 'Fear · 100 %', ['Awe 70 % + Fear 30 % · 80 %', ['Grade']]],
      ...[NEW, 'Retouch'],
    ]);
  });

  it('are no source while there is another', async () => {
    const file = psdFile([pixelLayer('Photo', 90), pixelLayer('Fear · 100 %', 1)]);
    expect((await documentFrom(file, 'a.psd')).layer).toBe('Photo');
    const alone = psdFile([pixelLayer('Fear · 100 %', 1)]);
    expect((await documentFrom(alone, 'a.psd')).layer).toBe('Fear · 100 %');
  });
});

describe('the source that is chosen', () => {
  const sourceOf = async (layers: Layer[], name?: string) =>
    (await documentFrom(psdFile(layers), 'a.psd', name === undefined ? undefined : named(name)))
      .layer;

  it('is no layer in a hidden group, nor one beside the canvas', async () => {
    const hidden = { name: 'Group', hidden: true, children: [pixelLayer('In it', 1)] };
    const aside = pixelLayer('Aside', 1, { left: WIDTH + 4, top: 0 });
    expect(await sourceOf([pixelLayer('Photo', 9), hidden, aside])).toBe('Photo');
  });

  it('is found by its name however its letters are composed', async () => {
    const decomposed = 'Cafe\u0301';
    expect(await sourceOf([pixelLayer(decomposed, 1)], 'Caf\u00e9')).toBe(decomposed);
  });

  it('is what can be edited when a group has the same name', async () => {
    const group = { name: 'Photo', children: [pixelLayer('Inside', 1)] };
    const document = await documentFrom(
      psdFile([pixelLayer('Photo', 33), group]),
      'a.psd',
      named('Photo'),
    );
    expect(document.pixels.data[2]).toBe(33);
  });
});

describe('a group as result', () => {
  const content = async (layers: Layer[]) => {
    const { imageData } = layers[0] as Layer;
    const bytes = psdFile(layers, imageData === undefined ? {} : { imageData });
    const document = await documentFrom(bytes, 'a.psd', named('Photo'));
    const data = new Uint8Array(document.pixels.data).map((value, i) =>
      i % 8 === 3 ? 0 : i % 4 === 3 ? 255 : 255 - value,
    );
    const above = { format: document.pixels.format, data };
    return { document, above };
  };

  it('is Grade and Content, the content clipped to the grade', async () => {
    const { document, above } = await content([pixelLayer('Photo', 90)]);
    expect(document.takesGroup).toBe(true);
    const save = { ...target(), above: [{ name: 'Content', pixels: above }] };
    const { bytes } = await document.encode(document.pixels, save);
    const children = read(bytes).children;
    expect(listed(children)).toEqual(['Photo', [NEW, ['Grade', '↳Content']]]);
    expect(children?.[1]).toMatchObject({ blendMode: 'pass through' });
    const merged = read(bytes).imageData?.data ?? [];
    // Every second pixel is content.
    expect([merged[2], merged[6]]).toEqual([90, 165]);
  });

  it('is not to be had where the result must be clipped', async () => {
    const { document } = await content([softLayer('Photo', 100)]);
    expect(document.takesGroup).toBe(false);
  });
});

it('the size of the canvas does not matter to a layer larger than it', async () => {
  const file = psdFile([pixelLayer('Photo', 90)], { width: WIDTH / 2, height: HEIGHT / 2 });
  const { bytes } = await edited(file, { change: () => 1 });
  expect(read(bytes).children?.[1]).toMatchObject({ right: WIDTH, bottom: HEIGHT });
});
