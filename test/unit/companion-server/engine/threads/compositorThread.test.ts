import { fitEdit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { editInSpace } from '@emoeditor/companion-server/compositor/fit/fitInSpace.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import {
  type Compositing,
  createCompositorThread,
} from '@emoeditor/companion-server/engine/threads/compositorThread.ts';
import { createCompositorThreads } from '@emoeditor/companion-server/engine/threads/compositorThreads.ts';
import { afterEach, describe, expect, it } from 'vitest';
import {
  documentOf,
  landscape,
  tinted,
  WHOLE,
  withDisc,
  workingEdit,
} from '../../compositor/scenes.ts';

const edit = workingEdit(
  landscape,
  withDisc(tinted(landscape, [0.6, 0.7, 1.1], [0.1, 0, 0]), [0.5, 0.6], 0.1, [0.9, 0.2, 0.1]),
);
const settings = { intensity: 0.9, grain: 0.01 };

const open: Compositing[] = [];
function thread(made: Compositing = createCompositorThread()): Compositing {
  open.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});

const AS_MADE = { strength: 1, content: true };

describe('the compositor in a thread', () => {
  it('gives the bits that it gives without one, and leaves the tile to its owner', async () => {
    const profile = 'Display P3';
    const page = documentOf(landscape, { sample: 'uint16', range: 32768, profile });
    const pixels = page.data.slice();
    const there = thread();
    const fit = await there.fit(edit, { ...AS_MADE, profile }, null);
    const here = fitEdit(await editInSpace(edit, profile), { profile });
    expect(fit).toEqual(here);
    const wanted = compositorOf(here).apply(page, WHOLE, settings);
    expect(await there.composite(fit, page, WHOLE, settings)).toEqual(wanted);
    expect(await there.composite(fit, page, WHOLE, settings)).toEqual(wanted);
    expect(page.data).toEqual(pixels);
  });

  it('gives the same bits by several threads, each with a band of the tile', async () => {
    const page = documentOf(landscape, { sample: 'uint16', range: 32768, channels: 4 });
    const there = thread(createCompositorThreads(3));
    const fit = await there.fit(edit, { ...AS_MADE, profile: 'sRGB IEC61966-2.1' }, null);
    const wanted = compositorOf(fit).apply(page, WHOLE, settings);
    expect(await there.composite(fit, page, WHOLE, settings)).toEqual(wanted);
    await expect(there.composite(fit, page, WHOLE, { intensity: 2 })).rejects.toMatchObject({
      message: expect.stringContaining('0 to 1.5'),
    });
  });

  it('says what is wrong as the compositor itself does', async () => {
    const there = thread();
    await expect(
      there.fit(edit, { ...AS_MADE, profile: 'Epson SP2200' }, null),
    ).rejects.toMatchObject({
      message: expect.stringContaining('Epson SP2200'),
      hint: expect.stringContaining('Convert to Profile'),
    });
    const fit = await there.fit(edit, { ...AS_MADE, profile: 'sRGB IEC61966-2.1' }, null);
    const page = documentOf(landscape);
    await expect(there.composite(fit, page, WHOLE, { intensity: 2 })).rejects.toMatchObject({
      message: expect.stringContaining('0 to 1.5'),
    });
  });

  it('fails what is under way when it ends, and the next call starts another', async () => {
    const there = thread();
    const fit = await there.fit(edit, { ...AS_MADE, profile: 'sRGB IEC61966-2.1' }, null);
    const page = documentOf(landscape);
    const before = await there.composite(fit, page, WHOLE, settings);
    const cut = there.composite(fit, page, WHOLE, settings);
    await Promise.all([
      expect(cut).rejects.toMatchObject({ code: 'ENGINE_CRASHED', retryable: true }),
      there.close(),
    ]);
    expect(await there.composite(fit, page, WHOLE, settings)).toEqual(before);
  });
});
