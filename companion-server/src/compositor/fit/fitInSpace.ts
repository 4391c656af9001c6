import { SRGB_PROFILE } from '@emoeditor/shared';
import { documentSpace, type RgbSpace } from '../../imaging/colourProfiles.ts';
import { convertPlanar } from '../../imaging/convertPlanar.ts';
import type { WorkingEdit } from '../compositor.ts';
import { CompositorError } from '../compositorError.ts';
import { type EditFit, type FitSettings, fitEdit } from './fitEdit.ts';

const SRGB = documentSpace(SRGB_PROFILE) as RgbSpace;

/** A fit, and the edit in the space of the document that it was made of. */
export interface FitInSpace {
  readonly fit: EditFit;
  readonly working: WorkingEdit;
}

/**
 * Fits an edit in the space of the document.
 * @param edit in sRGB, the model's space
 * @throws CompositorError UNKNOWN_PROFILE for a space we cannot convert to, BAD_EDIT
 */
export async function fitInSpace(
  edit: WorkingEdit,
  settings: Required<FitSettings>,
): Promise<FitInSpace> {
  const working = await editInSpace(edit, settings.profile);
  return { fit: fitEdit(working, settings), working };
}

/**
 * Converts an edit from sRGB, the model's space, to that of the document. Fitting and compositing happen there, so that
 * unchanged pixels are never converted.
 * @param profile ICC profile name of the document
 * @throws CompositorError UNKNOWN_PROFILE for a space we cannot convert to
 */
export async function editInSpace(edit: WorkingEdit, profile: string): Promise<WorkingEdit> {
  const space = documentSpace(profile);
  if (space === null) {
    throw new CompositorError(
      'UNKNOWN_PROFILE',
      `Expected pixels in sRGB, Adobe RGB (1998), Display P3 or ProPhoto RGB but the document's colour profile is “${profile}”.`,
      'Send the pixels converted to sRGB, or convert the document with Edit › Convert to Profile.',
    );
  }
  const { extent } = edit;
  const converted = (rgb: Float32Array) => convertPlanar(rgb, SRGB, space);
  const [source, decodedSource, decodedEdit] = await Promise.all([
    converted(edit.source),
    converted(edit.decodedSource),
    converted(edit.decodedEdit),
  ]);
  return { extent, source, decodedSource, decodedEdit };
}
