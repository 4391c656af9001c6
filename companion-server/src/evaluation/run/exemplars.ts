import { EMOTIONS, type Emotion } from '@emoeditor/shared';
import type { EmotionReader } from '../emotionReader.ts';
import { EvaluationError } from '../evaluationError.ts';
import { type ColourStatistics, statisticsOf } from '../methods/colourTransfer.ts';
import { type RgbPicture, tensorOf } from '../pictures/rgbPicture.ts';
import type { PhotographFile } from './photographs.ts';

interface Candidate {
  readonly name: string;
  readonly distribution: readonly number[];
  readonly colours: ColourStatistics;
}

/**
 * The colours of an exemplar for each emotion: of the file that is given, otherwise of the photograph of the run that a
 * judge reads the most of the emotion in, the edited one left out.
 * @param given files by emotion
 * @param open a picture at working size
 */
export function exemplarsOf(
  given: Readonly<Partial<Record<Emotion, string>>>,
  photographs: readonly PhotographFile[],
  judge: EmotionReader,
  open: (path: string) => Promise<RgbPicture>,
): (target: Emotion, photograph: string) => Promise<ColourStatistics> {
  const fromFiles = new Map<Emotion, Promise<ColourStatistics>>();
  let candidates: Promise<Candidate[]> | undefined;
  return async (target, photograph) => {
    const file = given[target];
    if (file !== undefined) {
      const known = fromFiles.get(target) ?? open(file).then(statisticsOf);
      fromFiles.set(target, known);
      return known;
    }
    candidates ??= readAll(photographs, judge, open);
    const index = EMOTIONS.indexOf(target);
    const [best] = (await candidates)
      .filter(({ name }) => name !== photograph)
      .sort((a, b) => (b.distribution[index] as number) - (a.distribution[index] as number));
    if (best !== undefined) return best.colours;
    throw new EvaluationError(
      'BAD_CONFIG',
      `There is no exemplar of ${target} for ${photograph}: it is the only photograph.`,
      'Give “exemplars” to colour-transfer, or another photograph.',
    );
  };
}

async function readAll(
  photographs: readonly PhotographFile[],
  judge: EmotionReader,
  open: (path: string) => Promise<RgbPicture>,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { name, path } of photographs) {
    const picture = await open(path);
    const { distribution } = await judge.read(tensorOf(picture));
    candidates.push({ name, distribution, colours: statisticsOf(picture) });
  }
  return candidates;
}
