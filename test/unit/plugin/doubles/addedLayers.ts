import { flatten, type LayerContent, newLayer } from '@emoeditor/fake-photoshop';
import { CancelController } from '@emoeditor/plugin/cancellation.ts';
import type { EditableLayer, LayerAddition, Paint } from '@emoeditor/plugin/host/hostPort.ts';
import { editRegion } from '@emoeditor/plugin/session/editRegion.ts';
import { DEFAULT_CHOICES } from '@emoeditor/plugin/session/panelState.ts';
import { patterned, photoshopWorld } from './photoshopWorld.ts';

/** The whole document of `photoshopWorld`. */
export const REGION = { left: 0, top: 0, right: 64, bottom: 48 };

/** Pixels whose alpha is a ramp. */
export const soft = patterned({ left: 2, top: 2, right: 36, bottom: 22 }, (x, y) => [
  (x * 7) & 255,
  (y * 5) & 255,
  90,
  Math.max(1, (x * 6) & 255),
]);

/** Greatest difference of two pictures. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

/** A fake Photoshop to which results are added as layers. */
export function worldOfResults() {
  const world = photoshopWorld();
  const { signal } = new CancelController();
  function add(
    source: EditableLayer,
    paint: Paint,
    more: Partial<LayerAddition> = {},
    replaces: number | null = null,
  ) {
    const region = editRegion(source, DEFAULT_CHOICES);
    const layer = { source, region, name: 'Awe · 100 %', replaces, note: null };
    return world.host.addLayers('Awe · 100 %', [{ layer, paint, ...more }], signal);
  }
  return {
    world,
    signal,
    add,
    /** The merged picture, RGBA. */
    looks: () => flatten(world.document.content, 8, REGION).rgba,
    /** Adds a result of the source and gives its id. */
    async apply(
      paint: Paint,
      more: Partial<LayerAddition> = {},
      replaces: number | null = null,
    ): Promise<number> {
      world.user.selectLayer(world.source.id);
      const [id] = await add(world.layerNow(), paint, more, replaces);
      return id!;
    },
    /** The source becomes another kind of layer, above a green one. */
    become(change: Partial<LayerContent>): void {
      const { document, source } = world;
      const green = patterned(REGION, () => [9, 200, 30, 255]);
      const below = newLayer(8, { name: 'Below', pixels: green });
      document.change({ ...document.content, layers: [source, below] });
      world.change(change);
    },
  };
}
