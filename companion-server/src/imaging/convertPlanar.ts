import { INTENT_RELATIVE_COLORIMETRIC, instantiate, type Lcms } from 'lcms-wasm';
import type { RgbSpace } from './colourProfiles.ts';
import { encodeIccProfile } from './encodeIccProfile.ts';

/**
 * Little CMS in WebAssembly rather than by way of libvips: that converts 16 bits through a table of 33³ colours, which
 * was measured to be 2 levels off at the border of the gamut and 17 near black. This one computes in float.
 */
let engine: Promise<Lcms> | null = null;

const FLOAT_BYTES = 4;

/**
 * Planar RGB [3, n] in [0, 1] from one space to another, relative colorimetric; colours outside the target are clipped.
 * The same array comes back when the spaces are the same.
 */
export async function convertPlanar(
  rgb: Float32Array,
  from: RgbSpace,
  to: RgbSpace,
): Promise<Float32Array> {
  if (from.name === to.name) return rgb;
  engine ??= instantiate();
  const lcms = await engine;
  const [source, target] = [openProfile(lcms, from), openProfile(lcms, to)];
  try {
    const format = (profile: number) =>
      lcms.cmsFormatterForColorspaceOfProfile(profile, FLOAT_BYTES, 1);
    const transform = lcms.cmsCreateTransform(
      source,
      format(source),
      target,
      format(target),
      INTENT_RELATIVE_COLORIMETRIC,
      0,
    );
    if (transform === 0) throw new Error(`Expected a conversion from ${from.name} to ${to.name}.`);
    try {
      return planar(lcms.cmsDoTransform(transform, interleaved(rgb), rgb.length / 3));
    } finally {
      lcms.cmsDeleteTransform(transform);
    }
  } finally {
    lcms.cmsCloseProfile(source);
    lcms.cmsCloseProfile(target);
  }
}

function openProfile(lcms: Lcms, space: RgbSpace): number {
  const icc = encodeIccProfile(space);
  const profile = lcms.cmsOpenProfileFromMem(icc, icc.length);
  if (profile === 0) throw new Error(`Expected a valid profile of ${space.name}.`);
  return profile;
}

function interleaved(rgb: Float32Array): Float32Array {
  const count = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) out[i * 3 + k] = rgb[k * count + i] as number;
  }
  return out;
}

function planar(pixels: Float32Array): Float32Array {
  const count = pixels.length / 3;
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      out[k * count + i] = Math.min(1, Math.max(0, pixels[i * 3 + k] as number));
    }
  }
  return out;
}
