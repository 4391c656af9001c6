import type { ActiveLayer } from '../host/hostPort.ts';
import { ActionButton } from './widgets/ActionButton.tsx';

interface LayerLineProps {
  readonly active: ActiveLayer;
  readonly isReading: boolean;
  /** Null while there is nothing to read again. */
  readonly onReadAgain: (() => void) | null;
}

/** The layer that the next edit starts from, or why there is none. */
export function LayerLine({ active, isReading, onReadAgain }: LayerLineProps) {
  if (active.kind !== 'editable') {
    return (
      <div className="layer">
        <div className="layer-words">
          <div className="layer-name">{active.message}</div>
          <div className="layer-facts">{active.hint}</div>
        </div>
      </div>
    );
  }
  const { name, bounds, depth, selection, note } = active.layer;
  const facts = [
    note,
    `${bounds.width} × ${bounds.height}`,
    `${depth} bit`,
    selection && 'selection only',
  ].filter(Boolean);
  return (
    <div className="layer">
      <div className="layer-words">
        <div className="layer-name" title={name}>
          {name}
        </div>
        <div className="layer-facts" title={facts.join(' · ')}>
          {isReading ? 'Reading the emotion…' : facts.join(' · ')}
        </div>
      </div>
      {onReadAgain && (
        <ActionButton
          label="↻"
          description="Read this layer’s emotion again"
          isDisabled={isReading}
          onPress={onReadAgain}
        />
      )}
    </div>
  );
}
