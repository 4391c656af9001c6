interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1. */
  readonly fraction: number;
}

export function ProgressBar({ label, fraction }: ProgressBarProps) {
  return (
    <sp-progressbar
      class="wide"
      size="small"
      max={100}
      value={Math.round(fraction * 100)}
      show-value="false"
      aria-label={label}
    />
  );
}
