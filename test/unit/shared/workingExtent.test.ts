import { sceneProxyExtent } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

describe('the picture that an edit with a scene is asked for with', () => {
  const of = (width: number, height: number) => sceneProxyExtent({ width, height }, 256 * 256, 32);

  it('is a small photograph as it is, to the pixel', () => {
    expect(of(481, 321)).toEqual({ width: 481, height: 321 });
    expect(of(640, 640)).toEqual({ width: 640, height: 640 });
  });

  it('is at most 640 pixels long, with the photograph’s aspect', () => {
    expect(of(2880, 1620)).toEqual({ width: 640, height: 360 });
    expect(of(1000, 3000)).toEqual({ width: 213, height: 640 });
  });

  it('has the model’s own size where it would hardly be larger', () => {
    expect(of(280, 280)).toEqual({ width: 256, height: 256 });
    expect(of(100, 100)).toEqual({ width: 256, height: 256 });
    expect(of(6000, 600)).toEqual({ width: 512, height: 128 });
  });
});
