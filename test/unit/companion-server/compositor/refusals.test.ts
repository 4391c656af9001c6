import { editInSpace } from '@emoeditor/companion-server/compositor/fit/fitInSpace.ts';
import { createCompositor } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { PixelBuffer } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { DOCUMENT, documentOf, landscape, tileOf, WHOLE, workingEdit } from './scenes.ts';

const edit = workingEdit(landscape, landscape);
const code = (value: string) => expect.objectContaining({ code: value });

describe('a tile that cannot be composited is refused with a code and a hint', () => {
  const compositor = createCompositor(edit);
  const page = documentOf(landscape);
  const cases: Array<[string, PixelBuffer, typeof WHOLE | object, string]> = [
    [
      'of another size than its bounds',
      page,
      { bounds: { left: 0, top: 0, width: 8, height: 8 }, extent: DOCUMENT },
      'BAD_TILE',
    ],
    [
      'outside the layer',
      tileOf(page, 0, 0, 8, 8),
      { bounds: { left: DOCUMENT.width - 4, top: 0, width: 8, height: 8 }, extent: DOCUMENT },
      'BAD_TILE',
    ],
    ['with too few bytes', { ...page, data: page.data.slice(1) as Uint8Array }, WHOLE, 'BAD_TILE'],
    [
      'of one grey channel',
      {
        format: { ...page.format, channels: 1 },
        data: new Uint8Array(DOCUMENT.width * DOCUMENT.height),
      },
      WHOLE,
      'BAD_TILE',
    ],
    [
      'in another space',
      { ...page, format: { ...page.format, profile: 'Display P3' } },
      WHOLE,
      'PROFILE_MISMATCH',
    ],
  ];
  it.each(cases)('%s', (_name, tile, place, expected) => {
    expect(() => compositor.apply(tile, place as typeof WHOLE, { intensity: 1 })).toThrowError(
      code(expected),
    );
  });
});

describe('an edit that cannot be fitted', () => {
  it('in an unknown colour profile says which are known', async () => {
    const refused = editInSpace(edit, 'Epson SP2200');
    await expect(refused).rejects.toThrowError(/sRGB, Adobe RGB.*Epson SP2200/);
    await expect(refused).rejects.toThrowError(code('UNKNOWN_PROFILE'));
  });

  it('with pictures of the wrong size', () => {
    expect(() =>
      createCompositor({ ...edit, decodedEdit: edit.decodedEdit.subarray(3) }),
    ).toThrowError(code('BAD_EDIT'));
  });
});
