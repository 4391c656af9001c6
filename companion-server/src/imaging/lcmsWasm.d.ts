/** The part of lcms-wasm (Little CMS 2, MIT) that we use; the package brings no types. */
declare module 'lcms-wasm' {
  /** Addresses in the memory of the module; 0 is failure. */
  type Profile = number;
  type Transform = number;

  export interface Lcms {
    cmsOpenProfileFromMem(icc: Uint8Array, length: number): Profile;
    cmsCloseProfile(profile: Profile): void;
    cmsFormatterForColorspaceOfProfile(profile: Profile, bytes: number, isFloat: number): number;
    cmsCreateTransform(
      from: Profile,
      fromFormat: number,
      to: Profile,
      toFormat: number,
      intent: number,
      flags: number,
    ): Transform;
    cmsDeleteTransform(transform: Transform): void;
    cmsDoTransform(transform: Transform, pixels: Float32Array, count: number): Float32Array;
  }
  export const INTENT_RELATIVE_COLORIMETRIC: number;
  export function instantiate(): Promise<Lcms>;
}
