import { SRGB_PROFILE } from '@emoeditor/shared';

/** Profiles whose pixels the companion server takes as they are, so that an untouched pixel stays bit-exact. */
const NATIVE = [SRGB_PROFILE, 'Adobe RGB (1998)', 'Display P3', 'ProPhoto RGB', 'Image P3'];

/** In which colour profiles a document's pixels are read, sent and written. */
export interface DocumentProfile {
  /** Profile of the samples on the wire. */
  readonly samples: string;
  /** What to name in Photoshop's calls; null in an untagged document, whose numbers are taken as they are. */
  readonly named: string | null;
  /** True when Photoshop converts on the way out and back. */
  readonly converts: boolean;
}

/** Photoshop appends this in 32-bit documents; it is not part of the name (imaging.md, "Terminology"). */
const LINEAR = / \(Linear RGB Profile\)$/;

/** @param name as the document tells it; empty or null when untagged */
export function documentProfile(name: string | null | undefined): DocumentProfile {
  const known = (name ?? '').replace(LINEAR, '');
  if (known === '' || known === 'None') {
    return { samples: SRGB_PROFILE, named: null, converts: false };
  }
  if (NATIVE.includes(known)) return { samples: known, named: known, converts: false };
  return { samples: SRGB_PROFILE, named: SRGB_PROFILE, converts: true };
}
