import type { Extent } from '@emoeditor/shared';
import type { ActiveLayer } from '../host/hostPort.ts';
import { IconButton } from './widgets/IconButton.tsx';

interface LayerLineProps {
  readonly active: ActiveLayer;
  readonly isReading: boolean;
  /** Null while there is nothing to read again. */
  readonly onReadAgain: (() => void) | null;
}

/** A circle with an arrow's head. */
const REFRESH =
  'M9 3a6 6 0 1 0 5.9 7h-1.6A4.4 4.4 0 1 1 9 4.6c1.2 0 2.3.5 3.1 1.3L10 8h5V3l-1.8 1.8A6 6 0 0 0 9 3z';

/** In one piece, where the line breaks in a narrow dock. */
const sizeText = ({ width, height }: Extent) => `${width}\u00a0×\u00a0${height}`;

/** The layer that the next edit starts from, or why there is none. */
export function LayerLine({ active, isReading, onReadAgain }: LayerLineProps) {
  if (active.kind !== 'editable') {
    return (
      <div className="layer">
        <div className="layer-words">
          <div className="layer-refusal">{active.message}</div>
          <div className="layer-hint">{active.hint}</div>
        </div>
      </div>
    );
  }
  const { name, bounds, depth, selection, note } = active.layer;
  const facts = [
    note,
    sizeText(bounds),
    `${depth}\u00a0bit`,
    selection && `${sizeText(selection)} selected`,
  ].filter(Boolean);
  return (
    <div className="layer">
      <div className="layer-words">
        <div className="layer-name" title={name}>
          {name}
        </div>
        <div className="layer-facts">{isReading ? 'Reading the emotion…' : facts.join(' · ')}</div>
      </div>
      {onReadAgain && (
        <IconButton
          description="Read this layer’s emotion again"
          path={REFRESH}
          isDisabled={isReading}
          onPress={onReadAgain}
        />
      )}
    </div>
  );
}
