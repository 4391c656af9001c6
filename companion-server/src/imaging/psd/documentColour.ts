import { type PixelBuffer, type PixelData, SRGB_PROFILE } from '@emoeditor/shared';
import {
  decodeTone,
  documentSpace,
  encodeTone,
  linearSpaceOfProfile,
  type RgbSpace,
  spaceOfProfile,
  type ToneCurve,
} from '../colourProfiles.ts';
import { encodeIccProfile } from '../encodeIccProfile.ts';
import { profileName } from '../iccProfile.ts';
import { ImageError } from '../imageError.ts';

/** How a document's samples are taken for an edit, which works on encoded values, and given back. */
export interface DocumentColour {
  /** Name of the space that an edit sees. */
  readonly profile: string;
  /** The samples as an edit sees them. */
  toEdit(stored: PixelBuffer): PixelBuffer;
  /**
   * The other way round. Samples that the edit left alone are those that were there, to the last bit.
   * @param stored what `toEdit` was given
   */
  toStore(edited: PixelBuffer, stored: PixelBuffer): PixelBuffer;
  /** An edited picture as flat files hold it, with its profile: floats become 16 bits. */
  toPicture(edited: PixelBuffer): { readonly pixels: PixelBuffer; readonly icc: Uint8Array | null };
}

/**
 * 32 bits per channel are linear light in floats, of which 1 is white and more is brighter; their profile says so.
 * @throws ImageError UNSUPPORTED for profiles that cannot be edited in
 */
export function documentColour(
  icc: Uint8Array | null,
  depth: number,
  name: string,
): DocumentColour {
  const space = icc === null ? documentSpace(SRGB_PROFILE) : spaceOfProfile(icc);
  if (depth !== 32 && space !== null) return asStored(space.name, icc);
  const linear = depth !== 32 ? null : icc === null ? space : linearSpaceOfProfile(icc);
  if (linear !== null) return inLinearLight(linear);
  if (space !== null) return { ...asStored(space.name, icc), toPicture: wide(space) };
  throw new ImageError(
    'UNSUPPORTED',
    `${name} is in the colour profile “${(icc && profileName(icc)) ?? 'unnamed'}”; layers can be edited in sRGB, Adobe RGB (1998), Display P3 and ProPhoto RGB.`,
    'Choose Edit › Convert to Profile in Photoshop and save again.',
  );
}

const asStored = (profile: string, icc: Uint8Array | null): DocumentColour => ({
  profile,
  toEdit: (stored) => stored,
  toStore: (edited) => edited,
  toPicture: (pixels) => ({ pixels, icc }),
});

function inLinearLight(space: RgbSpace): DocumentColour {
  const { curve, name: profile } = space;
  return {
    profile,
    toEdit: ({ format, data }) => ({
      format: { ...format, profile },
      data: mapped(data, format.channels, (value) => encodeTone(curve, value)),
    }),
    toStore(edited, stored) {
      const seen = this.toEdit(stored).data;
      const sameKind = edited.format.channels === stored.format.channels;
      const data = mapped(edited.data, edited.format.channels, (value, i) =>
        sameKind && seen[i] === value ? (stored.data[i] as number) : decoded(curve, value),
      );
      return { format: edited.format, data };
    },
    toPicture: wide(space),
  };
}

/** Beyond 1 along the same curve, below 0 mirrored: see {@link encodeTone}. */
const decoded = (curve: ToneCurve, value: number): number =>
  value < 0 ? -decodeTone(curve, -value) : decodeTone(curve, value);

/** Colours through a function; transparency as it is. */
function mapped(
  data: PixelData,
  channels: number,
  change: (value: number, at: number) => number,
): Float32Array {
  return Float32Array.from(data, (value, i) =>
    channels === 4 && i % 4 === 3 ? value : change(value, i),
  );
}

const wide =
  (space: RgbSpace): DocumentColour['toPicture'] =>
  ({ format, data }) => ({
    pixels: {
      format: { ...format, sample: 'uint16', range: 65535 },
      data: Uint16Array.from(data, (value) => Math.round(65535 * Math.min(1, Math.max(0, value)))),
    },
    icc: encodeIccProfile(space),
  });
