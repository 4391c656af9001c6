import {
  convertPlanar,
  documentSpace,
  type RgbSpace,
  sameSpace,
} from '@emoeditor/companion-server/imaging/colourProfiles.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const space = (name: string) => documentSpace(name) as RgbSpace;
const SRGB = space('sRGB IEC61966-2.1');
const NAMES = ['Adobe RGB (1998)', 'Display P3', 'ProPhoto RGB'];

describe('colour spaces', () => {
  it.each(NAMES)('sRGB → %s → sRGB comes back', (name) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }),
        (levels) => {
          const rgb = Float32Array.from(levels, (level) => level / 255);
          const back = convertPlanar(convertPlanar(rgb, SRGB, space(name)), space(name), SRGB);
          for (let k = 0; k < 3; k++) expect(Math.abs(back[k]! - rgb[k]!) * 255).toBeLessThan(0.6);
        },
      ),
    );
  });

  it.each(NAMES)('grey stays grey in %s', (name) => {
    const [r, g, b] = convertPlanar(Float32Array.of(0.5, 0.5, 0.5), SRGB, space(name));
    expect(Math.abs(r! - g!)).toBeLessThan(2e-3);
    expect(Math.abs(b! - g!)).toBeLessThan(2e-3);
  });

  // Lindbloom's RGB working space calculator, sRGB (255, 0, 0), relative colorimetric.
  it.each([
    ['Adobe RGB (1998)', [219, 0, 0]],
    ['Display P3', [234, 51, 35]],
    ['ProPhoto RGB', [179, 70, 26]],
  ] as const)('sRGB red in %s', (name, wanted) => {
    const result = convertPlanar(Float32Array.of(1, 0, 0), SRGB, space(name));
    for (let k = 0; k < 3; k++) expect(Math.abs(result[k]! * 255 - wanted[k]!)).toBeLessThan(2.5);
  });

  it('knows the names that files and Photoshop use, and no others', () => {
    expect(sameSpace('sRGB IEC61966-2.1', 'sRGB built-in')).toBe(true);
    expect(sameSpace('sRGB', 's RGB')).toBe(true);
    expect(sameSpace('Display P3', 'sRGB')).toBe(false);
    expect(documentSpace('Coated FOGRA39')).toBeNull();
    expect(documentSpace('sRGB IEC61966-2.1 (Linear RGB Profile)')).toBeNull();
  });
});
