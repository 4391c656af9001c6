import { type BundlePart, graphFile } from '@emoeditor/companion-server/models/bundle.ts';
import { warmUp } from '@emoeditor/companion-server/models/warmUp.ts';
import { describe, expect, it } from 'vitest';

const bundleOf = (bytes: number, ...parts: BundlePart[]) => ({
  files: parts.map((part) => ({ name: graphFile(part), bytes, sha256: '' })),
});

describe('warming a bundle up', () => {
  it('opens each of its graphs once, and none that it lacks', async () => {
    const opened: BundlePart[] = [];
    await warmUp(bundleOf(10, 'unet', 'predictor', 'scene'), async (part) => opened.push(part));
    expect(opened).toEqual(['unet', 'predictor', 'scene']);
  });

  it('leaves a large bundle alone', async () => {
    const opened: BundlePart[] = [];
    await warmUp(bundleOf(1e9, 'unet'), async (part) => opened.push(part));
    expect(opened).toEqual([]);
  });

  it('ends at the first that cannot be opened, without an error', async () => {
    const opened: BundlePart[] = [];
    await warmUp(bundleOf(10, 'unet', 'predictor'), async (part) => {
      opened.push(part);
      throw new Error('released');
    });
    expect(opened).toEqual(['unet']);
  });
});
