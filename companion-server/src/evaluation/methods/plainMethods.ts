import { filterColours } from '../../imaging/colourFilter.ts';
import { pixelsOf } from '../pictures/rgbPicture.ts';
import { FIXED_FILTERS } from './fixedFilters.ts';
import type { Method } from './method.ts';

const PLAIN = { unetEvaluations: 0, told: null } as const;

/** No change at all: what every figure is to be compared with. */
export const noChange = (name: string): Method => ({
  name,
  make: async ({ picture }) => ({ ...PLAIN, pixels: pixelsOf(picture) }),
});

/** One fixed chain of filters for each emotion. */
export const fixedFilter = (name: string): Method => ({
  name,
  make: async ({ picture }, target) => ({
    ...PLAIN,
    pixels: await filterColours(pixelsOf(picture), FIXED_FILTERS[target]),
  }),
});
