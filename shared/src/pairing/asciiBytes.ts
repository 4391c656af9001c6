/** Letters of ASCII as bytes; UXP has a TextEncoder, its older releases have not. */
export const asciiBytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));
