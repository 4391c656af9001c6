import { FakePhotoshop, layeredPhotograph } from '@emoeditor/fake-photoshop';
import { captureSelection } from '@emoeditor/plugin/host/captureSelection.ts';
import type { EditRegion } from '@emoeditor/plugin/host/hostPort.ts';
import { expect, it } from 'vitest';

type Imaging = Parameters<typeof captureSelection>[0];

/** A document with that selection, and the way to capture it. */
function setUp(width: number, height: number, area: [number, number, number, number]) {
  const fake = new FakePhotoshop({ encodeJpeg: async () => new Uint8Array() });
  const document = fake.open(
    { name: 'a', width, height, depth: 8, profile: 'sRGB IEC61966-2.1', mode: 'RGBColorMode' },
    layeredPhotograph(new Uint8Array(width * height * 4).fill(255), width, height),
  );
  const [left, top, right, bottom] = area;
  fake.user(document).selectArea({ left, top, right, bottom });
  const { imaging } = fake.require('photoshop') as { imaging: Imaging };
  const capture = (region: EditRegion, extent: { width: number; height: number }) =>
    fake.modal.executeAsModal(() => captureSelection(imaging, document.id, region, extent), {
      commandName: 'Read',
    });
  return { fake, capture };
}

it('averages the selection over each pixel at working size', async () => {
  const { fake, capture } = setUp(40, 20, [10, 0, 24, 10]);
  const bounds = { left: 0, top: 0, width: 40, height: 20 };
  const extent = { width: 4, height: 2 };
  const shown = await capture({ bounds, selection: 'edit' }, extent);
  expect([...shown]).toEqual([0, 255, 102, 0, 0, 0, 0, 0]);
  const kept = await capture({ bounds, selection: 'keep' }, extent);
  expect([...kept]).toEqual([255, 0, 153, 255, 255, 255, 255, 255]);
  expect(fake.images.alive).toBe(0);
});

it('fills every pixel where the region is smaller than the working size', async () => {
  const { capture } = setUp(8, 8, [3, 2, 6, 5]);
  const region = { bounds: { left: 2, top: 2, width: 4, height: 2 }, selection: 'edit' } as const;
  const shown = await capture(region, { width: 10, height: 4 });
  // One column of four is not selected: two and a half of ten.
  expect([...shown.subarray(0, 10)]).toEqual([0, 0, 128, 255, 255, 255, 255, 255, 255, 255]);
  expect(
    new Set(Array.from({ length: 4 }, (_, y) => shown.slice(y * 10, y * 10 + 10).join())),
  ).toHaveLength(1);
});

it('reads a large region in strips and adds them up to the same', async () => {
  const { capture } = setUp(2100, 2000, [0, 500, 2100, 2000]);
  const bounds = { left: 0, top: 0, width: 2100, height: 2000 };
  const shown = await capture({ bounds, selection: 'edit' }, { width: 3, height: 4 });
  expect([...shown]).toEqual([0, 0, 0, ...Array(9).fill(255)]);
});
