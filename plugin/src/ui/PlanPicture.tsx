import { type Extent, fittedExtent } from '@emoeditor/shared';
import type { PlanRow } from '../session/editPlan.ts';
import { useHeld } from './widgets/useHeld.ts';

/** Room for the picture, in pixels: `.plan-picture`. */
const WINDOW: Extent = { width: 48, height: 34 };

/** A layer of a plan, and what became of it. Hold the mouse or the space bar to see it as it was. */
export function PlanPicture({ row }: { readonly row: PlanRow }) {
  const { name, layer, before, after } = row;
  const [isHeld, listeners] = useHeld(after !== null && before !== null);
  const shown = isHeld ? before : (after ?? before);
  const size = fittedExtent(row.shape ?? layer?.bounds ?? WINDOW, WINDOW);
  const what = after === null ? name : isHeld ? `${name}, before` : `${name}, edited`;
  return (
    <div className="plan-picture" role="img" aria-label={what} title={what} {...listeners}>
      {shown !== null && (
        <img
          style={{ width: `${size.width}px`, height: `${size.height}px` }}
          src={shown}
          alt=""
          draggable={false}
        />
      )}
    </div>
  );
}
