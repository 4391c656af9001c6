import { drawElement } from '@emoeditor/companion-server/scene/elements/drawElement.ts';
import type { LightPlanes } from '@emoeditor/companion-server/scene/elements/elementRenderer.ts';
import { rendered } from '@emoeditor/companion-server/scene/elements/renderedElement.ts';
import { expect, it } from 'vitest';

const PREPARED = { element: 'fog', strength: 1, prepared: null } as const;

/** One pixel of a face after an element that draws `to` over `from`, in linear light. */
function faceAfter(from: readonly number[], to: readonly number[]): number[] {
  const light = from.map((value) => Float32Array.of(value)) as unknown as LightPlanes;
  const element = rendered<null>(
    {
      prepare: () => null,
      render(_prepared, tile) {
        for (const [k, plane] of tile.light.entries()) plane[0] = to[k] as number;
      },
    },
    ['face'],
  );
  const extent = { width: 1, height: 1 };
  const bounds = { left: 0, top: 0, right: 1, bottom: 1, ...extent };
  const tile = { bounds, extent, light, map: () => Float32Array.of(1) };
  drawElement(element, PREPARED, tile, 1, { faces: true, persons: false });
  return light.map((plane) => Number((plane[0] as number).toFixed(3)));
}

it('a face may become as grey as the fog before it, in whatever light it is', () => {
  expect(faceAfter([0.01, 0.02, 0.06], [0.3, 0.3, 0.3])).toEqual([0.3, 0.3, 0.3]);
});

it('a face may become darker and lighter in its own colour', () => {
  expect(faceAfter([0.4, 0.3, 0.2], [0.2, 0.15, 0.1])).toEqual([0.2, 0.15, 0.1]);
});

it('a face takes no other colour, and none that is much stronger than its own', () => {
  const [red = 0, green = 0] = faceAfter([0.4, 0.3, 0.2], [0.1, 0.5, 0.1]);
  expect(green / red).toBeLessThan(1.2);
  const [stronger = 0, , blue = 0] = faceAfter([0.4, 0.3, 0.2], [0.6, 0.25, 0.02]);
  expect(stronger / blue).toBeLessThan(4);
});
