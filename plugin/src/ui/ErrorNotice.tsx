import { ActionButton } from './widgets/ActionButton.tsx';

interface ErrorNoticeProps {
  readonly message: string;
  readonly hint: string;
  readonly onRetry: (() => void) | null;
  readonly onDismiss: (() => void) | null;
}

/** What went wrong, what to do, and the button that does it. */
export function ErrorNotice({ message, hint, onRetry, onDismiss }: ErrorNoticeProps) {
  return (
    <div className="notice" role="alert">
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
