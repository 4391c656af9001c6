/** The number that a text says; NaN for one that says nothing, which `Number` takes for 0. */
export const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
