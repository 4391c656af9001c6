import { FakePhotoshop, layeredPhotograph } from '@emoeditor/fake-photoshop';
import { captureSelection } from '@emoeditor/plugin/host/captureSelection.ts';
import type { EditRegion } from '@emoeditor/plugin/host/hostPort.ts';
import { selectionReader, softeningOf } from '@emoeditor/plugin/host/selectionReader.ts';
import { expect, it } from 'vitest';

type Photoshop = Parameters<typeof selectionReader>[0];

/** A document with that selection, and the way to capture it. */
function setUp(width: number, height: number, area: [number, number, number, number]) {
  const fake = new FakePhotoshop({ encodeJpeg: async () => new Uint8Array() });
  const document = fake.open(
    { name: 'a', width, height, depth: 8, profile: 'sRGB IEC61966-2.1', mode: 'RGBColorMode' },
    layeredPhotograph(new Uint8Array(width * height * 4).fill(255), width, height),
  );
  const [left, top, right, bottom] = area;
  fake.user(document).selectArea({ left, top, right, bottom });
  const photoshop = fake.require('photoshop') as Photoshop;
  const capture = (region: EditRegion, extent: { width: number; height: number }) =>
    fake.modal.executeAsModal(
      () =>
        captureSelection(
          selectionReader(photoshop, document.id, softeningOf(region)),
          region,
          extent,
        ),
      { commandName: 'Read' },
    );
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

it('shows the model the edge as it will fade, the same in strips', async () => {
  const { capture } = setUp(40, 20, [20, 0, 40, 20]);
  const region = { bounds: { left: 0, top: 0, width: 40, height: 20 }, selection: 'edit' } as const;
  const row = async (feather: number) => {
    const shown = await capture({ ...region, feather }, { width: 40, height: 20 });
    // Nothing fades towards the border of the canvas.
    expect([...shown.slice(0, 40)]).toEqual([...shown.slice(19 * 40)]);
    return [...shown.slice(0, 40)];
  };
  expect(await row(0)).toEqual([...Array(20).fill(0), ...Array(20).fill(255)]);
  const soft = await row(6);
  expect(soft.slice(0, 14)).toEqual(Array(14).fill(0));
  expect(soft.slice(26)).toEqual(Array(14).fill(255));
  const edge = soft.slice(14, 26);
  expect(edge).toEqual([...edge].sort((one, other) => one - other));
  expect(new Set(edge).size).toBe(12);
  expect(edge[5]! + edge[6]!).toBe(255);
});

it('fades beyond what is protected, not within it', async () => {
  const { capture } = setUp(40, 20, [20, 0, 40, 20]);
  const bounds = { left: 0, top: 0, width: 40, height: 20 };
  const region = { bounds, selection: 'keep', feather: 6 } as const;
  const shown = await capture(region, { width: 40, height: 20 });
  expect([...shown.slice(20, 40)]).toEqual(Array(20).fill(0));
  expect([...shown.slice(0, 14)]).toEqual(Array(14).fill(255));
  expect(new Set(shown.slice(14, 20)).size).toBe(6);
});
