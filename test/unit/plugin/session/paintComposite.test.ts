import type { Composite } from '@emoeditor/plugin/client/companion.ts';
import type { LayerCanvas, Tile } from '@emoeditor/plugin/host/hostPort.ts';
import { paintComposite } from '@emoeditor/plugin/session/paintComposite.ts';
import { type Bounds, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

const EXTENT = { width: 5000, height: 4000 };
const SMALL: PixelBuffer = {
  format: { width: 1, height: 1, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
  data: new Uint8Array(3),
};

describe('painting at full resolution', () => {
  it('holds no more tiles than the composite takes, and writes them in the order they were read', async () => {
    const [read, written]: [Bounds[], Bounds[]] = [[], []];
    let most = 0;
    const canvas: LayerCanvas = {
      extent: EXTENT,
      area: { left: 0, top: 0, ...EXTENT },
      async readTile(bounds) {
        read.push(bounds);
        most = Math.max(most, read.length - written.length);
        return { bounds, pixels: SMALL };
      },
      async writeTile({ bounds }) {
        written.push(bounds);
      },
      report() {},
      signal: new AbortController().signal,
    };
    const composite: Composite = {
      maxInFlight: 3,
      apply: (tile: Tile) => new Promise((resolve) => setImmediate(() => resolve(tile))),
      close() {},
    };
    await paintComposite(canvas, composite, () => {});
    expect(read.length).toBeGreaterThan(20);
    expect(written).toEqual(read);
    expect(most).toBe(3);
  });
});
