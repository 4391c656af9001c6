import type { PixelBuffer } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Companion, LayerAt } from '../client/companion.ts';
import type { HostPort, Tile } from '../host/hostPort.ts';
import { paintComposite } from './paintComposite.ts';
import type { Subject } from './panelState.ts';

/**
 * The region as it will look with the layer of an iteration at an intensity: the composite of what the model saw, so
 * also above 100 %, where blending two pictures cannot go.
 * @returns a picture for an image element, at working size
 * @throws ProtocolError, PluginError
 */
export async function previewLayer(
  { companion, host }: { readonly companion: Companion; readonly host: HostPort },
  { proxy }: Pick<Subject, 'proxy'>,
  layer: LayerAt,
  signal: CancelSignal,
): Promise<string> {
  const { width, height } = proxy.format;
  const extent = { width, height };
  const composite = await companion.openComposite({ ...layer, extent }, signal);
  try {
    const area = { left: 0, top: 0, ...extent };
    const { pixels, readTile, writeTile } = picture(proxy);
    await paintComposite(
      { extent, area, signal, report: () => {}, readTile, writeTile },
      composite,
      () => {},
    );
    return await host.pictureOf(pixels);
  } finally {
    composite.close();
  }
}

/** What the model saw, to be painted on where the edit shows: a fourth channel says where that is (JB11). */
function picture({ format: { channels, ...rest }, data: before }: PixelBuffer) {
  const { width, height } = rest;
  const shown = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    for (let k = 0; k < 3; k += 1) shown[at * 3 + k] = before[at * channels + k] as number;
  }
  const format = { ...rest, channels: 3 as const };
  const pixels: PixelBuffer = { format, data: shown };
  return {
    pixels,
    async readTile(bounds: Tile['bounds']): Promise<Tile> {
      const line = bounds.width * 3;
      const data = new Uint8Array(line * bounds.height);
      for (let y = 0; y < bounds.height; y += 1) {
        const from = ((bounds.top + y) * width + bounds.left) * 3;
        data.set(shown.subarray(from, from + line), y * line);
      }
      const { width: columns, height: rows } = bounds;
      return { bounds, pixels: { format: { ...format, width: columns, height: rows }, data } };
    },
    async writeTile({ bounds, pixels: { data: after } }: Tile): Promise<void> {
      for (let at = 0; at < bounds.width * bounds.height; at += 1) {
        const x = bounds.left + (at % bounds.width);
        const to = (bounds.top + Math.floor(at / bounds.width)) * width + x;
        const share = channels === 4 ? (before[to * 4 + 3] as number) / 255 : 1;
        for (let k = 0; k < 3; k += 1) {
          const was = shown[to * 3 + k] as number;
          shown[to * 3 + k] = Math.round(was + share * ((after[at * 3 + k] as number) - was));
        }
      }
    },
  };
}
