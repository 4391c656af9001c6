/** Paths in an 18 × 18 box, filled with the colour of the text. */
export const icons = {
  eye: 'M9 4C5 4 2 7.2 1 9c1 1.8 4 5 8 5s7-3.2 8-5c-1-1.8-4-5-8-5zm0 8a3 3 0 1 1 0-6 3 3 0 0 1 0 6zm0-1.6a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z',
  undo: 'M6 3 1.5 7 6 11V8.2h4.5a2.8 2.8 0 0 1 0 5.6H6V15.8h4.5a4.8 4.8 0 0 0 0-9.6H6z',
  redo: 'M12 3l4.5 4L12 11V8.2H7.5a2.8 2.8 0 0 0 0 5.6H12v2H7.5a4.8 4.8 0 0 1 0-9.6H12z',
  theme: 'M9 1.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zm0 1.7v11.6a5.8 5.8 0 0 1 0-11.6z',
  snapshot: 'M3 3h12v12H3zm1.5 1.5v9h9v-9z',
} as const;
