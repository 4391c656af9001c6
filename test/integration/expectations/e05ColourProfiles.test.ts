import { convertSamples, layeredPhotograph, type Samples } from '@emoeditor/fake-photoshop';
import { describe, expect, it } from 'vitest';
import {
  evoke,
  furthest,
  layerOf,
  openDocument,
  photograph,
  SIDE,
  stage,
  WHOLE,
  watchBuffers,
} from './stage.ts';

const { photoshop } = stage();
const SRGB = 'sRGB IEC61966-2.1';
const PROFILES = ['Adobe RGB (1998)', 'Display P3', 'ProPhoto RGB'];

const converted = (data: Samples, from: string, to: string) =>
  convertSamples(data, 4, [
    { name: 'RGB', profile: from },
    { name: 'RGB', profile: to },
  ]);

/** The result's samples in a document of that profile that looks like the photograph. */
async function editedIn(profile: string, depth: 8 | 16, intensity: number) {
  const { fake } = photoshop();
  const samples = converted(photograph(depth), SRGB, profile);
  const content = layeredPhotograph(samples, SIDE, SIDE);
  const document = openDocument(fake, { profile, depth, content });
  await fake.actions.play([evoke({ intensity })]);
  return { samples, result: layerOf(document, `Awe · ${intensity} %`).pixels.read(WHOLE) };
}

describe('expectation 5: the colour profile makes the round trip', () => {
  describe.each([...PROFILES, SRGB, ''])('in a document of “%s”', (profile) => {
    it.each([8, 16] as const)(
      'an edit that changes nothing is bit-exact in %i bit',
      async (depth) => {
        const { fake } = photoshop();
        const content = layeredPhotograph(photograph(depth), SIDE, SIDE);
        const document = openDocument(fake, { profile, depth, content });
        await fake.actions.play([evoke({ intensity: 0 })]);
        expect(layerOf(document, 'Awe · 0 %').pixels.read(WHOLE)).toEqual(
          layerOf(document, 'Photo').pixels.read(WHOLE),
        );
      },
    );
  });

  it.each(PROFILES)(
    'an edit in %s is the edit in sRGB, converted, to one level',
    async (profile) => {
      const reference = await editedIn(SRGB, 16, 100);
      const { result } = await editedIn(profile, 16, 100);
      const expected = converted(reference.result, SRGB, profile);
      const level = 32768 / 255;
      const off = furthest(result, expected);
      expect(off / level).toBeLessThanOrEqual(1);
      // There is something to convert: taken for sRGB, the numbers would be far off.
      const wrong = furthest(result, reference.result);
      expect(wrong / level).toBeGreaterThan(8);
    },
  );

  it('the model and the panel see the same colours, whatever the profile', async () => {
    const seenIn = async (profile: string) => {
      const { fake } = photoshop();
      const seen = watchBuffers(fake);
      const samples = converted(photograph(16), SRGB, profile);
      const content = layeredPhotograph(samples, SIDE, SIDE);
      openDocument(fake, { profile, depth: 16, content });
      await fake.actions.play([evoke()]);
      return seen[0]!;
    };
    const reference = await seenIn(SRGB);
    for (const profile of [...PROFILES, 'Apple RGB']) {
      expect(furthest(reference, await seenIn(profile))).toBeLessThanOrEqual(1);
    }
  });

  it('of any other profile is converted by Photoshop both ways, and the panel says so before', async () => {
    const world = photoshop();
    const content = layeredPhotograph(photograph(16), SIDE, SIDE);
    const document = openDocument(world.fake, { profile: 'Apple RGB', depth: 16, content });
    const page = world.openPanel();
    await page.says('Photoshop converts “Apple RGB” to sRGB and back');
    await world.fake.actions.play([evoke({ intensity: 0 })]);
    const [before, after] = ['Photo', 'Awe · 0 %'].map((name) =>
      layerOf(document, name).pixels.read(WHOLE),
    ) as [Samples, Samples];
    expect(furthest(before, after)).toBeLessThan(32768 / 255);
  });
});
