import type { Emotion, Extent } from '@emoeditor/shared';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Frame } from '../session/panelState.ts';
import { percent } from './emotionLook.ts';
import { TAKES_FOCUS } from './widgets/focus.ts';
import { sceneName, verdictText } from './wording.ts';

interface FilmFrameProps {
  readonly frame: Frame;
  /** Of its picture, in pixels. */
  readonly size: Extent;
  readonly target: Emotion;
  readonly isSelected: boolean;
  readonly isChosen: boolean;
  readonly onSelect: () => void;
}

/** One iteration as a small picture with what the critic made of it. */
export function FilmFrame(props: FilmFrameProps) {
  const { frame, size, target, isSelected, isChosen, onSelect } = props;
  const { report, picture } = frame;
  const scene = sceneName(report);
  const isAccepted = report.verdict === 'accepted';
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const strip = element.current?.parentElement;
    if (isSelected && element.current && strip) keepInView(element.current, strip);
  }, [isSelected]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onSelect();
  };
  return (
    <div
      ref={element}
      className={isSelected ? 'frame frame-selected' : 'frame'}
      role="option"
      aria-selected={isSelected}
      aria-label={`Iteration ${report.index + 1}: ${percent(report.pTarget)}, SSIM ${report.ssim.toFixed(2)}, ${verdictText(report, target)}${scene === null ? '' : `, ${scene}`}`}
      tabIndex={TAKES_FOCUS}
      onClick={onSelect}
      onKeyDown={onKeyDown}
    >
      <div className={isAccepted ? 'frame-window frame-accepted' : 'frame-window'}>
        <img
          style={{ width: `${size.width}px`, height: `${size.height}px` }}
          src={picture}
          alt=""
          draggable={false}
        />
      </div>
      <div className="frame-line">
        <div className="frame-index">{report.index + 1}</div>
        <div>
          {isChosen ? '✓ ' : ''}
          {percent(report.pTarget)}
        </div>
      </div>
      {scene !== null && (
        <div className="frame-scene" title={report.scene?.sentence ?? scene}>
          {scene}
        </div>
      )}
    </div>
  );
}

function keepInView(frame: HTMLElement, strip: HTMLElement): void {
  const left = frame.offsetLeft - strip.offsetLeft;
  const right = left + frame.offsetWidth;
  if (left < strip.scrollLeft) strip.scrollLeft = left;
  else if (right > strip.scrollLeft + strip.clientWidth)
    strip.scrollLeft = right - strip.clientWidth;
}
