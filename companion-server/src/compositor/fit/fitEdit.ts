import { type Extent, SRGB_PROFILE } from '@emoeditor/shared';
import type { WorkingEdit } from '../compositor.ts';
import { CompositorError } from '../compositorError.ts';
import type { GradeGrid } from '../gradeGrid.ts';
import { lumaPlane } from '../planes.ts';
import { fastestArithmetic } from './fastestArithmetic.ts';
import { type ContentMaps, fitContent } from './fitContent.ts';
import { fitGrade } from './fitGrade.ts';
import { cellColours, limitTones } from './toneLimits.ts';

/** A fitted edit as plain data: structured-cloneable, so it can be cached or sent to a worker. */
export interface EditFit {
  /** Working size. */
  readonly extent: Extent;
  /** ICC profile name of the tiles that this fit is for. */
  readonly profile: string;
  readonly grade: GradeGrid;
  readonly content: ContentMaps | null;
  /** Share of the change that an intensity of 1 applies. */
  readonly strength: number;
}

export interface FitSettings {
  /** ICC profile name of the space that the edit is in, and the tiles will be. sRGB when absent. */
  readonly profile?: string;
  /** See {@link EditFit.strength}; all of it when absent. */
  readonly strength?: number;
  /** Whether what no grade explains is painted; it is when absent. */
  readonly content?: boolean;
}

/**
 * Explains an edit as grade and content.
 * Source: research on full-resolution detail, bilateral guided upsampling (Chen et al. 2016) and fast guided filter.
 * @param arithmetic the fastest of this machine unless given
 * @param edit in the space of the document, see {@link fitInSpace}
 * @throws CompositorError BAD_EDIT when the pictures do not fill the extent
 */
export function fitEdit(
  edit: WorkingEdit,
  settings: FitSettings = {},
  arithmetic = fastestArithmetic(),
): EditFit {
  const { profile = SRGB_PROFILE, strength = 1, content: isPainted = true } = settings;
  const { extent, source, decodedSource, decodedEdit } = edit;
  checkPictures(edit);
  const { grid, aligned } = fitGrade(decodedSource, decodedEdit, extent, arithmetic);
  const colours = cellColours(decodedSource, lumaPlane(decodedSource), extent, grid);
  const grade = limitTones(grid, colours);
  const sliced = (by: GradeGrid) => arithmetic.slicePicture(by, decodedSource, extent);
  const content = isPainted
    ? fitContent(
        source,
        decodedSource,
        decodedEdit,
        aligned,
        sliced(grid),
        sliced(grade),
        extent,
        arithmetic,
      )
    : null;
  return { extent, profile, grade, content, strength };
}

function checkPictures({ extent, source, decodedSource, decodedEdit }: WorkingEdit): void {
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
}
