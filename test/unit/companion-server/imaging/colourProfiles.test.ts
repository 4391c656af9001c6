import {
  decodeTone,
  documentSpace,
  RGB_SPACES,
  type RgbSpace,
  sameSpace,
  spaceOfProfile,
} from '@emoeditor/companion-server/imaging/colourProfiles.ts';
import { convertPlanar } from '@emoeditor/companion-server/imaging/convertPlanar.ts';
import { encodeIccProfile } from '@emoeditor/companion-server/imaging/encodeIccProfile.ts';
import { profileName } from '@emoeditor/companion-server/imaging/iccProfile.ts';
import { describe, expect, it } from 'vitest';
import { plainConversion } from './plainConversion.ts';

const space = (name: string) => documentSpace(name) as RgbSpace;
const SRGB = space('sRGB IEC61966-2.1');
const OTHERS = RGB_SPACES.filter(({ name }) => name !== SRGB.name);
const NAMES = OTHERS.map(({ name }) => name);

/** Every 17th level of each channel, all together. */
const SIDE = 16;
function allColours(): Float32Array {
  const count = SIDE ** 3;
  const rgb = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    rgb[i] = (i % SIDE) / (SIDE - 1);
    rgb[count + i] = (Math.floor(i / SIDE) % SIDE) / (SIDE - 1);
    rgb[2 * count + i] = Math.floor(i / SIDE ** 2) / (SIDE - 1);
  }
  return rgb;
}

function worst(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

describe('conversion by Little CMS', () => {
  it('leaves pixels alone that are in the space already', async () => {
    const rgb = allColours();
    expect(await convertPlanar(rgb, SRGB, SRGB)).toBe(rgb);
  });

  it.each(NAMES)('sRGB → %s is what the formulas give, within a tenth of a level', async (name) => {
    const rgb = allColours();
    const result = await convertPlanar(rgb, SRGB, space(name));
    const wanted = plainConversion(rgb, SRGB, space(name));
    const linear = (values: Float32Array) =>
      values.map((value) => decodeTone(space(name).curve, value));
    const error = wanted.map((value, i) => result[i]! - value);
    // A pure gamma is infinitely steep at black, where a profile's numbers of 16 fraction bits end.
    const wantedLight = linear(wanted);
    const light = linear(result).map((value, i) => value - wantedLight[i]!);
    const worst = error.reduce(
      (most, value, i) => (Math.abs(light[i]!) < 1e-5 ? most : Math.max(most, Math.abs(value))),
      0,
    );
    expect(worst).toBeLessThan(0.1 / 255);
  });

  it.each(NAMES)('sRGB → %s → sRGB comes back', async (name) => {
    const rgb = allColours();
    const there = await convertPlanar(rgb, SRGB, space(name));
    const back = await convertPlanar(there, space(name), SRGB);
    expect(worst(back, rgb) * 255).toBeLessThan(0.1);
  });

  it.each(NAMES)('grey stays grey in %s', async (name) => {
    const [r, g, b] = await convertPlanar(Float32Array.of(0.5, 0.5, 0.5), SRGB, space(name));
    expect(Math.abs(r! - g!)).toBeLessThan(2e-3);
    expect(Math.abs(b! - g!)).toBeLessThan(2e-3);
  });

  // Lindbloom's RGB working space calculator, sRGB (255, 0, 0), relative colorimetric.
  it.each([
    ['Adobe RGB (1998)', [219, 0, 0]],
    ['Display P3', [234, 51, 35]],
    ['ProPhoto RGB', [179, 70, 26]],
  ] as const)('sRGB red in %s', async (name, wanted) => {
    const result = await convertPlanar(Float32Array.of(1, 0, 0), SRGB, space(name));
    for (let k = 0; k < 3; k++) expect(Math.abs(result[k]! * 255 - wanted[k]!)).toBeLessThan(2.5);
  });
});

describe('profiles of the working spaces', () => {
  it.each(RGB_SPACES)('$name is read back as what was written', (written) => {
    const icc = encodeIccProfile(written);
    expect(profileName(icc)).toBe(written.name);
    expect(spaceOfProfile(icc)?.name).toBe(written.name);
  });

  it('know the names that files and Photoshop use, and no others', () => {
    expect(sameSpace('sRGB IEC61966-2.1', 'sRGB built-in')).toBe(true);
    expect(sameSpace('sRGB', 's RGB')).toBe(true);
    expect(sameSpace('Display P3', 'sRGB')).toBe(false);
    expect(documentSpace('Coated FOGRA39')).toBeNull();
    expect(documentSpace('sRGB IEC61966-2.1 (Linear RGB Profile)')).toBeNull();
  });
});
