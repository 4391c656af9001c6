import type { ElementName } from '@emoeditor/companion-server/scene/bank/elements.ts';
import { prepareScene } from '@emoeditor/companion-server/scene/elements/prepareScene.ts';
import { RENDERERS } from '@emoeditor/companion-server/scene/elements/renderers.ts';
import { sceneCompositor } from '@emoeditor/companion-server/scene/elements/sceneCompositor.ts';
import type { PixelBuffer, PixelData } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  applied,
  cutOut,
  DOCUMENT,
  documentOf,
  planOf,
  sceneMaps,
  UNEDITED,
  viewOf,
} from './sampleScene.ts';

const view = viewOf();
const document = documentOf();

const clipped = ({ data }: PixelBuffer) => {
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    const worst = [0, 1, 2].some((k) => data[i + k]! <= 1 || data[i + k]! >= 254);
    if (worst) count++;
  }
  return count / (data.length / 3);
};

/* More of them, which take longer: test/full/scene/everyElement.test.ts. */

describe.each(Object.keys(RENDERERS) as ElementName[])('%s', (name) => {
  const scene = prepareScene(view, planOf([name]));
  const compositor = sceneCompositor(UNEDITED, scene);
  const whole = applied(compositor, document);

  it('changes the picture', () => {
    let changed = 0;
    for (let i = 0; i < whole.data.length; i++) {
      if (Math.abs(whole.data[i]! - document.data[i]!) > 2) changed++;
    }
    expect(changed / whole.data.length).toBeGreaterThan(0.002);
  });

  it('draws the same bits on any tile, and from a copy of what was prepared', () => {
    const copy = sceneCompositor(UNEDITED, structuredClone(scene));
    for (const [left, top, width, height] of [
      [0, 0, 137, 61],
      [91, 47, 101, 81],
      [191, 0, 1, 128],
      [13, 127, 150, 1],
    ] as const) {
      const { tile, place } = cutOut(document, left, top, width, height);
      const part = copy.apply(tile, place, { intensity: 1 });
      expect(part.data).toEqual(cutOut(whole, left, top, width, height).tile.data);
    }
  });

  it('leaves every bit alone at intensity 0 and at strength 0', () => {
    expect(applied(compositor, document, 0).data).toEqual(document.data);
    const none = { ...scene, elements: scene.elements.map((one) => ({ ...one, strength: 0 })) };
    expect(applied(sceneCompositor(UNEDITED, none), document).data).toEqual(document.data);
  });

  it('drives no more than two per cent of the pixels to black or white', () => {
    expect(clipped(whole) - clipped(document)).toBeLessThan(0.02);
  });

  it('recolours no face beyond a fifth of its brightness', () => {
    const { width, height } = DOCUMENT;
    const face = sceneMaps.planes.face;
    for (let i = 0; i < face.length; i++) {
      if (face[i]! < 1) continue;
      const x = Math.floor((((i % 120) + 0.5) / 120) * width);
      const y = Math.floor(((Math.floor(i / 120) + 0.5) / 80) * height);
      const at = (y * width + x) * 3;
      const sum = (data: PixelData) => data[at]! + data[at + 1]! + data[at + 2]! + 1;
      for (let k = 0; k < 3; k++) {
        const before = document.data[at + k]! / sum(document.data);
        const after = whole.data[at + k]! / sum(whole.data);
        expect(Math.abs(after - before)).toBeLessThan(0.16);
      }
    }
  });
});
