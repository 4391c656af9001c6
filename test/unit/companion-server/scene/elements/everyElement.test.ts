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

const drawnOn = (document: PixelBuffer, name: ElementName, seed: number) =>
  applied(sceneCompositor(UNEDITED, prepareScene(viewOf(), planOf([name], seed))), document);

const clipped = ({ data }: PixelBuffer) => {
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    const worst = [0, 1, 2].some((k) => data[i + k]! <= 1 || data[i + k]! >= 254);
    if (worst) count++;
  }
  return count / (data.length / 3);
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Mean of every two by two pixels. */
function halved({ format, data }: PixelBuffer): PixelBuffer {
  const [width, height] = [format.width / 2, format.height / 2];
  const out = new Float32Array(width * height * 3);
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [2 * (Math.floor(i / 3) % width), 2 * Math.floor(i / 3 / width)];
    const at = (dx: number, dy: number) => data[((y + dy) * format.width + x + dx) * 3 + (i % 3)]!;
    out[i] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
  }
  return { format: { ...format, width, height }, data: out };
}

/** Of green, without the border. */
const changeOf = (before: PixelBuffer, after: PixelBuffer): number[] => {
  const { width, height } = before.format;
  const changes: number[] = [];
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const i = (y * width + x) * 3 + 1;
      changes.push(after.data[i]! - before.data[i]!);
    }
  }
  return changes;
};

/** Elements that a seed has nothing to vary in. */
const WITHOUT_CHANCE: readonly ElementName[] = ['bloom', 'calm', 'bokeh'];

describe.each(Object.keys(RENDERERS) as ElementName[])('%s', (name) => {
  const scene = prepareScene(viewOf(), planOf([name]));
  const compositor = sceneCompositor(UNEDITED, scene);
  const document = documentOf();
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

  it('grows with intensity', () => {
    const change = (intensity: number) => {
      const { data } = applied(compositor, document, intensity);
      let sum = 0;
      for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - document.data[i]!);
      return sum;
    };
    expect(change(0.5)).toBeGreaterThan(0.25 * change(1));
    expect(change(0.5)).toBeLessThan(0.95 * change(1));
  });

  it('draws the same for the same seed, and something else for another', () => {
    expect(drawnOn(document, name, 1).data).toEqual(whole.data);
    if (WITHOUT_CHANCE.includes(name)) return;
    expect(drawnOn(document, name, 2).data).not.toEqual(whole.data);
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

  it('looks the same at half the size', () => {
    const large = documentOf(DOCUMENT, 'float32');
    const small = halved(large);
    const one = changeOf(small, applied(compositor, small));
    const other = changeOf(small, halved(applied(compositor, large)));
    expect(correlation(one, other)).toBeGreaterThan(0.8);
  });
});
