import { useState } from 'react';
import { TAKES_FOCUS } from './focus.ts';
import { TextArea } from './TextArea.tsx';

interface CopyableTextProps {
  readonly label: string;
  readonly value: string;
}

/**
 * Lines to read, which become a text area to select and copy them from when they are clicked, and are lines again when
 * that is left: UXP draws text areas above everything else in the panel, also while it scrolls.
 */
export function CopyableText({ label, value }: CopyableTextProps) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <TextArea label={label} value={value} onDone={() => setOpen(false)} />;
  return (
    // biome-ignore lint/a11y/useSemanticElements: UXP's buttons cannot be drawn as lines of text
    <div
      className="report report-lines"
      role="button"
      tabIndex={TAKES_FOCUS}
      aria-label={`${label}: click to copy`}
      onClick={() => setOpen(true)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        setOpen(true);
      }}
    >
      {value.split('\n').map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a report never change places
        <div key={at} className="report-line">
          {line}
        </div>
      ))}
    </div>
  );
}
