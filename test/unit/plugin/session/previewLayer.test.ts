import { PanelSession } from '@emoeditor/plugin/session/panelSession.ts';
import { previewLayer } from '@emoeditor/plugin/session/previewLayer.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { expect, it } from 'vitest';
import { manualClock } from '../doubles/manualClock.ts';
import { memorySettings } from '../doubles/memoryStores.ts';
import { scriptedCompanion } from '../doubles/scriptedCompanion.ts';
import { plain, scriptedHost } from '../doubles/scriptedHost.ts';

const never = new AbortController().signal;

it('shows the composite where the edit shows, and the source elsewhere', async () => {
  const host = scriptedHost();
  const companion = scriptedCompanion();
  let pixels: PixelBuffer | null = null;
  host.pictureOf = async (given) => {
    pixels = given;
    return 'data:preview';
  };
  // Larger than a tile; the right half is not selected.
  const { format } = plain(800, 2);
  const data = new Uint8Array(800 * 2 * 4).fill(200);
  for (let at = 0; at < 1600; at += 1) data[at * 4 + 3] = at % 800 < 400 ? 255 : 0;
  const proxy: PixelBuffer = { format: { ...format, channels: 4 }, data };
  const layer = { jobId: 'j1', iteration: 1, intensity: 1.5 };
  expect(await previewLayer({ host, companion }, { proxy }, layer, never)).toBe('data:preview');
  expect(companion.composites).toEqual([{ ...layer, extent: { width: 800, height: 2 } }]);
  expect(pixels!.format).toMatchObject({ width: 800, height: 2, channels: 3 });
  const shown = pixels!.data as Uint8Array;
  // The scripted composite adds 1 to every sample.
  expect(new Set(shown.subarray(0, 1200))).toEqual(new Set([201]));
  expect(new Set(shown.subarray(1200, 2400))).toEqual(new Set([200]));
  expect(shown).toHaveLength(800 * 2 * 3);
});

it('gives back pictures that are shown no more', async () => {
  const host = scriptedHost();
  const companion = scriptedCompanion();
  const clock = manualClock();
  let made = 0;
  host.pictureOf = async () => {
    made += 1;
    return `blob:${made}`;
  };
  const session = new PanelSession({ host, companion, settings: memorySettings(), clock });
  session.start();
  await session.evoke();
  for (const intensity of [120, 150]) {
    session.choose({ intensity });
    await clock.pass(1_000);
  }
  expect(session.store.state.layerReading?.picture).toBe('blob:2');
  expect(host.forgotten.filter((picture) => picture.startsWith('blob'))).toEqual(['blob:1']);
  expect(host.forgotten).not.toContain('data:image/jpeg,1,2,3');
});
