import { createFeeds, type Uploader } from '@emoeditor/companion-server/runtime/onnxFeeds.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { describe, expect, it } from 'vitest';

const of = (value: number, isFixed = false) => ({
  ...tensor(Float32Array.of(value), [1]),
  isFixed,
});

/** A device that says what it holds. */
function device(): Uploader & { readonly held: number[]; uploads: number } {
  const held: number[] = [];
  return {
    held,
    uploads: 0,
    async upload(input) {
      this.uploads++;
      const [value] = input.data as Float32Array;
      held.push(value as number);
      input.dispose = () => held.splice(held.indexOf(value as number), 1);
      return input;
    },
    async release() {},
  };
}

describe('feeds', () => {
  it('bring a fixed input to the device once, and another in its place', async () => {
    const card = device();
    const feeds = createFeeds(['tokens', 'sample'], { ...card, upload: (one) => card.upload(one) });
    const tokens = of(1, true);
    const first = await feeds.of({ tokens, sample: of(5) });
    const second = await feeds.of({ tokens: { ...tokens }, sample: of(6) });
    expect(second['tokens']).toBe(first['tokens']);
    expect(second['sample']?.data).toEqual(Float32Array.of(6));
    expect([card.uploads, card.held]).toEqual([1, [1]]);
    await feeds.of({ tokens: of(2, true), sample: of(6) });
    expect([card.uploads, card.held]).toEqual([2, [2]]);
    await feeds.release();
    expect(card.held).toEqual([]);
  });

  it('bring what may change at every run, to a device or not', async () => {
    const card = device();
    for (const uploader of [card, null]) {
      const feeds = createFeeds(['x'], uploader);
      const x = of(1);
      await feeds.of({ x });
      x.data[0] = 2;
      const { x: feed } = await feeds.of({ x });
      expect(feed?.data).toEqual(Float32Array.of(2));
    }
    expect(card.uploads).toBe(0);
  });

  it('go on without a device that cannot keep them', async () => {
    let tries = 0;
    const feeds = createFeeds(['x'], {
      async upload() {
        tries++;
        throw new Error('no memory');
      },
      async release() {},
    });
    for (const value of [1, 2]) {
      const { x } = await feeds.of({ x: of(value, true) });
      expect(x?.data).toEqual(Float32Array.of(value));
    }
    expect(tries).toBe(1);
  });

  it('name the inputs that were expected', async () => {
    const feeds = createFeeds(['x', 'y'], null);
    await expect(feeds.of({ x: of(1) })).rejects.toThrow('x, y but received x');
    await expect(feeds.of({ x: of(1), y: of(1), z: of(1) })).rejects.toThrow('received x, y, z');
  });
});
