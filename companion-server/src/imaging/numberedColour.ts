import { SRGB_PROFILE } from '@emoeditor/shared';
import { documentSpace, type RgbSpace } from './colourProfiles.ts';

/** ITU-T H.273, table 2: 1 = BT.709, 12 = P3 with D65, 2 = not said. */
const SPACES: Readonly<Record<number, string>> = {
  1: SRGB_PROFILE,
  2: SRGB_PROFILE,
  12: 'Display P3',
};
/** Table 3: BT.709 and its kin are shown with the curve of sRGB, as browsers do. */
const SDR_CURVES: readonly number[] = [1, 2, 6, 13, 14, 15];
const HDR: Readonly<Record<number, string>> = { 16: 'PQ', 18: 'HLG' };

/** The space that the numbers mean, or why the picture cannot be edited. */
export function numberedColour({
  primaries,
  transfer,
}: {
  readonly primaries: number;
  readonly transfer: number;
}): RgbSpace | string {
  const hdr = HDR[transfer];
  if (hdr !== undefined) return `is an HDR picture (${hdr}); EmoEditor edits standard range`;
  const name = SPACES[primaries];
  const space = name === undefined || !SDR_CURVES.includes(transfer) ? null : documentSpace(name);
  return (
    space ??
    `is in a colour space that it tells by the numbers ${primaries} and ${transfer} (H.273); EmoEditor reads those of sRGB and Display P3`
  );
}
