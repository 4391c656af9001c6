import { rangeOf, takePixels } from '../imagePixels.ts';
import { beyondOf } from '../maskTile.ts';
import type { Check, TrialDocument } from './check.ts';
import { patternedLayer } from './imagingChecks.ts';

const AREA = { left: 0, top: 0, right: 16, bottom: 16 };

async function putMask(trial: TrialDocument, layerID: number, depth: 8 | 16): Promise<void> {
  const { imaging } = trial.photoshop;
  const data = depth === 8 ? new Uint8Array(256).fill(128) : new Uint16Array(256).fill(16384);
  const imageData = await imaging.createImageDataFromBuffer(data, {
    width: 16,
    height: 16,
    components: 1,
    chunky: true,
    colorSpace: 'Grayscale',
    colorProfile: 'Gray Gamma 2.2',
  });
  try {
    await imaging.putLayerMask({
      documentID: trial.document.id,
      layerID,
      kind: 'user',
      imageData,
      replace: true,
      targetBounds: AREA,
    });
  } finally {
    await imageData.dispose();
  }
}

const maskOf = ({ photoshop, document }: TrialDocument, layerID: number) =>
  takePixels(photoshop.imaging.getLayerMask({ documentID: document.id, layerID, kind: 'user' }));

export const MASK_CHECKS: readonly Check<TrialDocument>[] = [
  {
    rules: 'MK1 MK2',
    asks: 'a mask of half grey in the document’s depth',
    async try(trial) {
      const { id } = await patternedLayer(trial);
      await putMask(trial, id, trial.depth);
      const mask = await maskOf(trial, id);
      return `comes back as ${mask.data[0]} of ${rangeOf(mask.data)}, ${mask.width} × ${mask.height}, beyond it ${beyondOf(mask)}`;
    },
  },
  {
    rules: 'MK1',
    asks: 'a mask of 8 bit',
    async try(trial) {
      const { id } = await patternedLayer(trial);
      await putMask(trial, id, 8);
      const mask = await maskOf(trial, id);
      return `is taken; comes back as ${mask.data[0]} of ${rangeOf(mask.data)}`;
    },
  },
  {
    rules: 'LA9',
    asks: 'a layer clipped to the one below',
    async try(trial) {
      const below = await patternedLayer(trial);
      const above = await patternedLayer(trial);
      above.move(below, trial.photoshop.constants.ElementPlacement.PLACEBEFORE);
      above.isClippingMask = true;
      return above.isClippingMask ? 'is clipped' : 'is not clipped';
    },
  },
];
