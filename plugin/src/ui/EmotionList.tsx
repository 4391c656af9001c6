import { EMOTIONS, type Emotion, type EmotionVector } from '@emoeditor/shared';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { EmotionRow } from './EmotionRow.tsx';

interface EmotionListProps {
  readonly target: Emotion;
  readonly source: EmotionVector | null;
  readonly edited: EmotionVector | null;
  readonly onChoose: (emotion: Emotion) => void;
}

/** The eight emotions; arrow keys move the choice. */
export function EmotionList({ target, source, edited, onChoose }: EmotionListProps) {
  const list = useRef<HTMLDivElement>(null);
  const isMoved = useRef(false);
  // Once it is drawn: UXP gives the keyboard to none that is passed over.
  useEffect(() => {
    if (!isMoved.current) return;
    isMoved.current = false;
    list.current?.querySelector<HTMLElement>(`[data-emotion="${target}"]`)?.focus();
  }, [target]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = EMOTIONS.indexOf(target) + step;
    const next = EMOTIONS[(at + EMOTIONS.length) % EMOTIONS.length];
    if (next === undefined) return;
    isMoved.current = true;
    onChoose(next);
  };
  return (
    <div
      ref={list}
      className="emotions"
      role="radiogroup"
      aria-label="Emotion to evoke"
      onKeyDown={onKeyDown}
    >
      {EMOTIONS.map((emotion, index) => (
        <EmotionRow
          key={emotion}
          emotion={emotion}
          isTarget={emotion === target}
          source={source?.[index] ?? null}
          edited={edited?.[index] ?? null}
          onChoose={() => onChoose(emotion)}
        />
      ))}
    </div>
  );
}
