const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Every property that Adobe lists (uxp-api/reference-css/styles). */
export const DOCUMENTED_STYLES = words(
  `align-content align-items align-self background background-attachment background-color background-image
  background-repeat background-size border-bottom border-bottom-color border-bottom-left-radius
  border-bottom-right-radius border-bottom-style border-bottom-width border-color border-left border-left-color
  border-left-style border-left-width border-radius border-right border-right-color border-right-style border-right-width
  border-style border-top border-top-color border-top-left-radius border-top-style border-top-width border-width bottom
  color display flex flex-basis flex-direction flex-grow flex-shrink flex-wrap font-family font-size font-style
  font-weight height justify-content left letter-spacing margin margin-bottom margin-left margin-right margin-top
  max-height max-width min-height min-width opacity overflow overflow-x overflow-y padding padding-bottom padding-left
  padding-right padding-top right text-align text-overflow top visibility white-space width`,
);

/** Not listed there, and used by Adobe's own samples and pages (uxp-photoshop-plugin-samples, known-issues.md). */
export const SEEN_STYLES = words('border position cursor line-height fill');

export const DOCUMENTED_PSEUDO_CLASSES = words(
  `active checked defined disabled empty enabled first-child focus hover last-child nth-child nth-last-child
  nth-last-of-type nth-of-type only-child root`,
);

/** Values that known-issues.md, or plugins in the field, say are not laid out. */
export const UNKNOWN_VALUES: readonly RegExp[] = [
  /\bgrid\b/,
  /\bsticky\b/,
  /\bfit-content\b/,
  /^monospace$/,
  /\b(min|max|clamp)\(/,
];
