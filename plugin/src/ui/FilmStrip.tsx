import {
  EMOTIONS,
  type Emotion,
  type EmotionVector,
  type Extent,
  fittedExtent,
  type Outcome,
} from '@emoeditor/shared';
import type { Frame } from '../session/panelState.ts';
import { emotionTitle, percent } from './emotionLook.ts';
import { FilmFrame } from './FilmFrame.tsx';
import { sentenceCase } from './ScenePicker.tsx';
import { verdictText } from './wording.ts';

interface FilmStripProps {
  readonly frames: readonly Frame[];
  readonly shape: Extent;
  readonly viewed: Frame | null;
  readonly chosen: number | null;
  readonly target: Emotion;
  /** Reading of the frame looked at, and the intensity in percent that it is of. */
  readonly edited: EmotionVector | null;
  readonly editedAt: number;
  /** The intensity that is chosen. */
  readonly intensity: number;
  readonly outcome: Outcome | null;
  readonly onSelect: (index: number) => void;
}

/** Room for one picture, in pixels: `.frame-window`. */
const WINDOW: Extent = { width: 60, height: 42 };

/** All iterations so far, and the figures of the one looked at. */
export function FilmStrip(props: FilmStripProps) {
  const { frames, shape, viewed, chosen, target, outcome, onSelect } = props;
  const size = fittedExtent(shape, WINDOW);
  return (
    <div className="film">
      <div className="film-strip" role="listbox" aria-label="Iterations">
        {frames.map((frame) => (
          <FilmFrame
            key={frame.report.index}
            frame={frame}
            size={size}
            target={target}
            isSelected={frame === viewed}
            isChosen={frame.report.index === chosen}
            onSelect={() => onSelect(frame.report.index)}
          />
        ))}
      </div>
      {viewed && (
        <div className="film-facts">
          <div className="film-verdict" title={verdictText(viewed.report, target)}>
            {verdictText(viewed.report, target)}
          </div>
          <div className="film-figures">{figuresText(viewed, props)}</div>
          {viewed.report.scene?.sentence && (
            <div className="film-scene" title={viewed.report.scene.sentence}>
              {sentenceCase(viewed.report.scene.sentence)}
            </div>
          )}
        </div>
      )}
      {outcome && (
        <div
          className={outcome.kind === 'notConvinced' ? 'film-outcome film-failed' : 'film-outcome'}
        >
          {withoutBreaks(outcome.reason)}
        </div>
      )}
    </div>
  );
}

/** Keeps a figure and its sign on one line. */
const withoutBreaks = (text: string): string => text.replace(/(\d) %/g, '$1\u00a0%');

/** `Awe 71 % · SSIM 0.90`; at another intensity than 100 % it says of which the figures are. */
function figuresText({ report }: Frame, { target, edited, editedAt, intensity }: FilmStripProps) {
  const value = edited?.[EMOTIONS.indexOf(target)] ?? report.pTarget;
  const figure = `${emotionTitle(target)} ${percent(value)}`;
  return intensity === 100
    ? `${figure} · SSIM ${report.ssim.toFixed(2)}`
    : `${figure} at ${editedAt} % intensity`;
}
