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
