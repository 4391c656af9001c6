import { type Extent, SRGB_PROFILE } from '@emoeditor/shared';
import type { WorkingEdit } from '../compositor.ts';
import { CompositorError } from '../compositorError.ts';
import type { GradeGrid } from '../gradeGrid.ts';
import { fastestArithmetic } from './fastestArithmetic.ts';
import { type ContentMaps, fitContent } from './fitContent.ts';
import { fitGrade } from './fitGrade.ts';

/** A fitted edit as plain data: structured-cloneable, so it can be cached or sent to a worker. */
export interface EditFit {
  /** Working size. */
  readonly extent: Extent;
  /** ICC profile name of the tiles that this fit is for. */
  readonly profile: string;
  readonly grade: GradeGrid;
  readonly content: ContentMaps | null;
}

export interface FitSettings {
  /** ICC profile name of the space that the edit is in, and the tiles will be. sRGB when absent. */
  readonly profile?: string;
}

/**
 * Explains an edit as grade and content.
 * Source: research on full-resolution detail, bilateral guided upsampling (Chen et al. 2016) and fast guided filter.
 * @param arithmetic the fastest of this machine unless given
 * @param edit in the space of the document, see {@link editInSpace}
 * @throws CompositorError BAD_EDIT when the pictures do not fill the extent
 */
export function fitEdit(
  edit: WorkingEdit,
  settings: FitSettings = {},
  arithmetic = fastestArithmetic(),
): EditFit {
  const profile = settings.profile ?? SRGB_PROFILE;
  const { extent, source, decodedSource, decodedEdit } = edit;
  const expected = extent.width * extent.height * 3;
  for (const [name, plane] of Object.entries({
    source,
    decodedSource,
    decodedEdit,
  })) {
    if (plane.length !== expected) {
      throw new CompositorError(
        'BAD_EDIT',
        `Expected ${expected} values of ${name} for ${extent.width}×${extent.height} RGB but received ${plane.length}.`,
        'Run the edit again.',
      );
    }
  }
  const { grid: grade, aligned } = fitGrade(decodedSource, decodedEdit, extent, arithmetic);
  const graded = arithmetic.slicePicture(grade, decodedSource, extent);
  const content = fitContent(
    source,
    decodedSource,
    decodedEdit,
    aligned,
    graded,
    extent,
    arithmetic,
  );
  return { extent, profile, grade, content };
}
