import type { Paint } from '@emoeditor/plugin/host/hostPort.ts';

/** Paints what it reads. */
export const copy: Paint = async (canvas) => {
  const tile = await canvas.readTile(canvas.area);
  if (tile !== null) await canvas.writeTile(tile);
};

/** Halves every colour; alpha stays. */
export const darken: Paint = async (canvas) => {
  const tile = await canvas.readTile(canvas.area);
  if (tile === null) return;
  const { format, data } = tile.pixels;
  const alpha = format.channels === 4 ? 3 : -1;
  const darker = data.map((value, i) => (i % format.channels === alpha ? value : value >> 1));
  await canvas.writeTile({ ...tile, pixels: { format, data: darker } });
};
