import type { Progress, Stage } from '@emoeditor/shared';
import { Presets, SingleBar } from 'cli-progress';

const WORDS: Readonly<Record<Stage, string>> = {
  queued: 'waiting',
  encode: 'encoding',
  predict: 'reading the mood',
  denoise: 'denoising',
  decode: 'decoding',
  score: 'scoring',
  composite: 'compositing',
};

export interface EditProgress {
  show(progress: Progress): void;
  /** A line of its own, without disturbing the bar. */
  say(line: string): void;
  stop(): void;
}

/** A bar on a terminal; plain lines when the output goes elsewhere, so that logs stay readable. */
export function createEditProgress(stream: NodeJS.WriteStream): EditProgress {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

const describe = ({ stage, iteration, step, steps }: Progress) =>
  stage === 'denoise'
    ? `iteration ${iteration + 1}, step ${Math.min(step + 1, steps)} of ${steps}`
    : WORDS[stage];

function barOn(stream: NodeJS.WriteStream): EditProgress {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage} %  {what}{left}',
      hideCursor: true,
      clearOnComplete: true,
      barsize: 28,
    },
    Presets.shades_classic,
  );
  bar.start(100, 0, { what: 'opening', left: '' });
  return {
    show(progress) {
      const left =
        progress.etaMs === undefined ? '' : `, at most ${Math.ceil(progress.etaMs / 1000)} s to go`;
      bar.update(Math.floor(progress.fraction * 100), { what: describe(progress), left });
    },
    say(line) {
      // The bar owns its line: clear it, write above it, let the next update draw it again.
      stream.write(`\r\u001b[K${line}\n`);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

function linesOn(stream: NodeJS.WriteStream): EditProgress {
  let last = '';
  return {
    show(progress) {
      const what = progress.stage === 'denoise' ? `iteration ${progress.iteration + 1}` : '';
      if (what === '' || what === last) return;
      last = what;
      stream.write(`${Math.floor(progress.fraction * 100)} %  ${what}\n`);
    },
    say: (line) => stream.write(`${line}\n`),
    stop: () => {},
  };
}
