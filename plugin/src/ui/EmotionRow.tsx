import type { Emotion } from '@emoeditor/shared';
import { emotionColour, emotionTitle, percent } from './emotionLook.ts';
import { PASSED_OVER, TAKES_FOCUS } from './widgets/focus.ts';

interface EmotionRowProps {
  readonly emotion: Emotion;
  readonly isTarget: boolean;
  /** Probability in the layer, null when not read. */
  readonly source: number | null;
  /** Probability in the frame looked at, null when there is none. */
  readonly edited: number | null;
  readonly onChoose: () => void;
}

/** One emotion to choose, with how much of it the predictor sees: the layer in grey, the edit in colour. */
export function EmotionRow({ emotion, isTarget, source, edited, onChoose }: EmotionRowProps) {
  const colour = emotionColour(emotion);
  const shown = edited ?? source;
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP draws its own radio buttons, without room for bars
    <div
      className={isTarget ? 'emotion emotion-target' : 'emotion'}
      role="radio"
      aria-checked={isTarget}
      aria-label={`${emotionTitle(emotion)}${shown === null ? '' : `, ${percent(shown)}`}`}
      tabIndex={isTarget ? TAKES_FOCUS : PASSED_OVER}
      data-emotion={emotion}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key === ' ' || event.key === 'Enter') onChoose();
      }}
    >
      <div
        className="emotion-mark"
        style={{ backgroundColor: isTarget ? colour : 'transparent' }}
      />
      <div className="emotion-dot" style={{ backgroundColor: colour }} />
      <div className="emotion-name">{emotionTitle(emotion)}</div>
      <div className="emotion-bars">
        {source !== null && (
          <div className="bar">
            <div className="bar-fill bar-source" style={{ width: width(source) }} />
          </div>
        )}
        {edited !== null && (
          <div className="bar">
            <div
              className="bar-fill"
              style={{
                width: width(edited),
                backgroundColor: colour,
                opacity: isTarget ? 1 : 0.6,
              }}
            />
          </div>
        )}
        {shown === null && (
          <div className="bar">
            <div className="bar-fill" style={{ width: '0%' }} />
          </div>
        )}
      </div>
      <div className="emotion-value">{shown === null ? '' : percent(shown)}</div>
    </div>
  );
}

/** A sliver stays visible, so that a bar of 1 % is not mistaken for none. */
function width(fraction: number): string {
  return `${Math.max(1, Math.round(fraction * 100))}%`;
}
