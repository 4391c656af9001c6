import * as z from 'zod/mini';

/** A size in pixels. */
export const extentSchema = z.object({
  width: z.int().check(z.positive()),
  height: z.int().check(z.positive()),
});
export type Extent = z.infer<typeof extentSchema>;

/** A rectangle in pixels; `left` and `top` may be negative (a layer partly off the canvas). */
export const boundsSchema = z.object({
  left: z.int(),
  top: z.int(),
  width: z.int().check(z.positive()),
  height: z.int().check(z.positive()),
});
export type Bounds = z.infer<typeof boundsSchema>;

/** The largest extent of the shape of `shape` that fits within `room`, to the nearest pixel and at least one. */
export function fittedExtent(shape: Extent, room: Extent): Extent {
  const scale = Math.min(room.width / shape.width, room.height / shape.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(shape.width), height: side(shape.height) };
}
