import { type Emotion, type Extent, fittedExtent } from '@emoeditor/shared';
import type { Frame } from '../session/panelState.ts';
import { emotionTitle, percent } from './emotionLook.ts';
import { FilmFrame } from './FilmFrame.tsx';
import { verdictText } from './wording.ts';

interface FilmStripProps {
  readonly frames: readonly Frame[];
  readonly shape: Extent;
  readonly viewed: Frame | null;
  readonly chosen: number | null;
  readonly target: Emotion;
  readonly onSelect: (index: number) => void;
}

/** Room for one picture, in pixels: `.frame-window`. */
const WINDOW: Extent = { width: 60, height: 42 };

/** All iterations so far, and the figures of the one looked at. */
export function FilmStrip(props: FilmStripProps) {
  const { frames, shape, viewed, chosen, target, onSelect } = props;
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
          <div className="film-verdict">{verdictText(viewed.report, target)}</div>
          <div className="film-figures">
            {emotionTitle(target)} {percent(viewed.report.pTarget)} · SSIM{' '}
            {viewed.report.ssim.toFixed(2)}
          </div>
        </div>
      )}
    </div>
  );
}
