import type { PixelBuffer } from '@emoeditor/shared';
import type { TilePlace } from '../../compositor/compositor.ts';
import type { Plane } from '../../compositor/planes.ts';
import { documentSpace } from '../../imaging/colourProfiles.ts';
import { type RefinedMap, refinedMap } from '../maps/refineMap.ts';
import type { SceneMapName } from '../maps/sceneMaps.ts';
import type { LightPlanes } from './elementRenderer.ts';
import { onCurve } from './light/curves.ts';
import { decodeLight, documentLight, srgbLinear, srgbTone } from './light/documentLight.ts';
import { enlargedTo } from './light/enlarge.ts';
import type { PreparedScene } from './preparedScene.ts';
import { matteSky, UNSEEN } from './skyMatte.ts';

/** The scene's maps on any tile of the photograph, each computed when it is first asked for. */
export type MapReader = (source: PixelBuffer, place: TilePlace) => (name: SceneMapName) => Plane;

export function mapReader({ extent, guide, planes, skyColour }: PreparedScene['maps']): MapReader {
  const refined = new Map<string, RefinedMap>();
  const guides = new Map<string, Plane>();
  const guideIn = (profile: string): Plane => {
    const name = documentSpace(profile)?.name ?? profile;
    const known = guides.get(name) ?? guideOf(guide, profile);
    guides.set(name, known);
    return known;
  };
  const refinedIn = (name: SceneMapName, profile: string): RefinedMap => {
    const key = `${name} ${profile}`;
    const plane = planes[name];
    if (plane === undefined)
      throw new Error(`The element's entry does not name the map “${name}”.`);
    const known = refined.get(key) ?? refinedMap({ extent }, plane, guideIn(profile));
    refined.set(key, known);
    return known;
  };
  return (source, place) => {
    const read = new Map<SceneMapName, Plane>();
    return (name) => {
      const known = read.get(name);
      if (known !== undefined) return known;
      const plane = refinedIn(name, source.format.profile)(source, place);
      if (name === 'sky' && skyColour !== null && plane.some((value) => value > UNSEEN)) {
        const enlarge = enlargedTo(extent, place);
        const colour = skyColour.map(enlarge) as unknown as LightPlanes;
        matteSky(plane, tonesOf(source), colour);
      }
      read.set(name, plane);
      return plane;
    };
  };
}

/**
 * The guide in the document's tone curve. It is treated as grey: the luma of saturated colours differs a little between
 * spaces, which moves a map's border less than the filter's window.
 */
function guideOf(guide: Plane, profile: string): Plane {
  const { encoding, toSrgb } = documentLight(profile);
  return toSrgb === null ? guide : guide.map((tone) => onCurve(encoding, srgbLinear(tone)));
}

/** A tile in tones of sRGB. */
function tonesOf(source: PixelBuffer): LightPlanes {
  const { width, height, channels, profile, range } = source.format;
  const planes = [0, 1, 2].map(() => new Float32Array(width * height)) as unknown as LightPlanes;
  const document = documentLight(profile);
  const isSrgb = document.toSrgb === null;
  if (!isSrgb) decodeLight(source, 0, document, planes);
  for (const [k, plane] of planes.entries()) {
    for (let i = 0; i < plane.length; i++) {
      plane[i] = isSrgb
        ? (source.data[i * channels + k] as number) / range
        : srgbTone(plane[i] as number);
    }
  }
  return planes;
}
