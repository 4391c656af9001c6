export interface Sample {
  readonly name: string;
  /** Relative to the page. */
  readonly url: string;
  readonly credit: string;
}

const AITZOL = 'Aitzol Berasategi, CC BY 4.0';

/** Photographs that come with the studio. Licences and sources: `public/samples/CREDITS.md`. */
export const samples: readonly Sample[] = [
  { name: 'Dandelions', url: 'samples/dandelions.jpg', credit: 'Clemens Engelhardt, CC0 1.0' },
  { name: 'Sunset, 12 megapixels', url: 'samples/sunset.jpg', credit: AITZOL },
  { name: 'Peaks', url: 'samples/peaks.jpg', credit: AITZOL },
  { name: 'Forest stream', url: 'samples/stream.jpg', credit: AITZOL },
  { name: 'Autumn meadow', url: 'samples/autumn.jpg', credit: AITZOL },
  { name: 'Two friends', url: 'samples/friends.jpg', credit: AITZOL },
  { name: 'Fig', url: 'samples/fig.jpg', credit: 'Trevor “Freespace”, CC BY 4.0' },
  { name: 'Music room', url: 'samples/room.jpg', credit: 'Jakub Mede, CC BY 4.0' },
];
