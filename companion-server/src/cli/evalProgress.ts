import { Presets, SingleBar } from 'cli-progress';
import type { EvaluationProgress } from '../evaluation/run/runEvaluation.ts';

export interface EvalProgress {
  show(now: EvaluationProgress): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere a line for each photograph and method. */
export function createEvalProgress(stream: NodeJS.WriteStream): EvalProgress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

const leftOf = ({ leftMs }: EvaluationProgress): string =>
  leftMs === null ? '' : `, about ${inWords(leftMs)} to go`;

function inWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function barOn(stream: NodeJS.WriteStream): EvalProgress {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {value} of {total}  {what}{left}',
      hideCursor: true,
      clearOnComplete: true,
      barsize: 28,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    show(now) {
      const { done, total, photograph, method, target } = now;
      const what = `${photograph}, ${method}, ${target}`;
      if (!isStarted) bar.start(total, done, { what, left: '' });
      isStarted = true;
      bar.update(done, { what, left: leftOf(now) });
    },
    stop: () => bar.stop(),
  };
}

function linesOn(stream: NodeJS.WriteStream): EvalProgress {
  let last = '';
  return {
    show(now) {
      const what = `${now.photograph}, ${now.method}`;
      if (what === last) return;
      last = what;
      stream.write(`${now.done} of ${now.total}  ${what}${leftOf(now)}\n`);
    },
    stop() {},
  };
}
