import type { Extent } from '@emoeditor/shared';
import { useHeld } from './widgets/useHeld.ts';

/** Room for the picture, in pixels: portraits must leave the emotions in sight. */
const TALLEST = 240;

interface PreviewProps {
  readonly before: string;
  /** Of the region that both show, in document pixels: UXP's images do not tell their own size. */
  readonly shape: Extent;
  /** Null while there is nothing to compare. */
  readonly after: string | null;
  /** Percent. */
  readonly intensity: number;
  /** Whether `after` is at that intensity; otherwise it is at 100 %, and blended with `before`. */
  readonly isExact: boolean;
  readonly caption: string;
}

/** The edit over its source, in the source's shape. Hold the mouse or the space bar to see the source. */
export function Preview(props: PreviewProps) {
  const { before, shape, after, intensity, isExact, caption } = props;
  const canCompare = after !== null;
  const [isHeld, listeners] = useHeld(canCompare);
  const opacity = isHeld ? 0 : isExact ? 1 : Math.min(1, intensity / 100);
  return (
    <div
      className={canCompare ? 'preview preview-live' : 'preview'}
      role="img"
      aria-label={isHeld ? 'Before the edit' : caption}
      {...listeners}
    >
      <div
        className="preview-stack"
        style={{ width: '100%', maxWidth: `${(TALLEST * shape.width) / shape.height}px` }}
      >
        <img className="preview-picture" src={before} alt="" draggable={false} />
        {canCompare && (
          <img
            className="preview-picture preview-over"
            style={{ opacity }}
            src={after}
            alt=""
            draggable={false}
          />
        )}
      </div>
      {canCompare && (
        <div className="preview-tag">{isHeld ? 'Before' : afterText(intensity, isExact)}</div>
      )}
    </div>
  );
}

/** Until it is made, the preview blends source and edit, which cannot show more than the edit. */
const afterText = (intensity: number, isExact: boolean): string =>
  intensity > 100 && !isExact ? 'After, as at 100 % · hold for before' : 'After · hold for before';
