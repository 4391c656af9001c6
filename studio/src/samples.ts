export interface Sample {
  readonly name: string;
  /** Relative to the page. */
  readonly url: string;
  readonly credit: string;
}

/** Photographs that come with the studio. Licences and sources: `public/samples/CREDITS.md`. */
export const samples: readonly Sample[] = [
  {
    name: 'Dandelions',
    url: 'samples/dandelions.jpg',
    credit: 'Clemens Engelhardt, CC0 1.0',
  },
  {
    name: 'Forest stream',
    url: 'samples/stream.jpg',
    credit: 'Aitzol Berasategi, CC BY 4.0',
  },
  {
    name: 'Sunset',
    url: 'samples/sunset.jpg',
    credit: 'Aitzol Berasategi, CC BY 4.0',
  },
  {
    name: 'Friends',
    url: 'samples/friends.jpg',
    credit: 'Aitzol Berasategi, CC BY 4.0',
  },
];
