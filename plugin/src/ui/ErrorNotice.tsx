import { useEffect, useRef } from 'react';
import { ActionButton } from './widgets/ActionButton.tsx';

interface ErrorNoticeProps {
  readonly message: string;
  readonly hint: string;
  readonly onRetry: (() => void) | null;
  readonly onDismiss: (() => void) | null;
}

/** What went wrong, what to do, and the button that does it. */
export function ErrorNotice({ message, hint, onRetry, onDismiss }: ErrorNoticeProps) {
  const element = useRef<HTMLDivElement>(null);
  // It stands at the top of what scrolls, and nobody would look for it there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message is news too
  useEffect(() => {
    const scrolled = element.current?.parentElement;
    if (scrolled) scrolled.scrollTop = 0;
  }, [message]);
  return (
    <div ref={element} className="notice" role="alert">
      <div className="notice-message">{message}</div>
      {hint !== '' && <div className="notice-hint">{hint}</div>}
      {(onRetry || onDismiss) && (
        <div className="card-actions">
          {onRetry && <ActionButton label="Try again" onPress={onRetry} />}
          {onDismiss && <ActionButton label="Dismiss" onPress={onDismiss} />}
        </div>
      )}
    </div>
  );
}
