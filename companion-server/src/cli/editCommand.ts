import {
  describeTarget,
  type EditRequest,
  EMOTIONS,
  type Emotion,
  editRequestSchema,
  type IterationReport,
  type ToldScene,
  targetDistribution,
} from '@emoeditor/shared';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ColourCube } from '../compositor/colourCube.ts';
import { FileError } from '../files/fileError.ts';
import { type SourceChoice, TOPMOST } from '../imaging/editableDocument.ts';
import { type Ablation, CONDITIONINGS, type ConditioningKind } from '../pipeline/ablation.ts';
import { distributionLines } from './distributionLines.ts';
import { type EditFileResult, editFile } from './editFile.ts';
import type { EditFileJob } from './editJob.ts';
import { createEditProgress } from './editProgress.ts';
import { loadEditor } from './loadEditor.ts';
import { numberIn } from './numberIn.ts';
import { UsageError } from './usageError.ts';

interface EditOptions {
  readonly emotion: string;
  readonly out: string;
  readonly intensity: number;
  readonly layer?: string;
  readonly visible: boolean;
  readonly as: EditFileJob['result'];
  readonly result?: EditFileJob['result'];
  readonly instruction?: string;
  /** 0 … 1 */
  readonly elements?: number;
  readonly aiNote: boolean;
  readonly mode: EditRequest['mode'];
  readonly seed: number;
  readonly bundle?: string;
  readonly conditioning?: ConditioningKind;
  readonly iei: boolean;
  readonly overwrite: boolean;
  readonly cube?: string;
  readonly refine: boolean;
  readonly json: boolean;
}

/** `emoeditor edit photo.jpg --emotion awe --out out.png` */
export function editCommand(): Command {
  const command = new Command('edit')
    .description('change how a photograph feels: a picture or PSD in, a picture or PSD out')
    .argument('<file>', 'photograph (JPEG, PNG, TIFF, WebP, AVIF …) or PSD')
    .requiredOption('-e, --emotion <name>', `what it should evoke: ${EMOTIONS.join(', ')}`)
    .requiredOption('-o, --out <file>', 'where the result goes; .psd gets it as a new layer')
    .addOption(
      new Option('-i, --intensity <percent>', '0 to 150').argParser(percentOf).default(1, '100'),
    )
    .option(
      '-l, --layer <name>',
      'layer of a PSD; the topmost visible pixel layer or smart object when left out',
    )
    .option('--visible', 'edit what is visible of a PSD as one picture', false)
    .addOption(
      new Option(
        '--as <kind>',
        'how a PSD gets it: a layer of pixels, a group of Grade, Content and the scene’s elements, or a smart object',
      )
        .choices(RESULT_KINDS)
        .default('layer'),
    )
    .addOption(new Option('--result <kind>').choices(RESULT_KINDS).hideHelp())
    .option(
      '--instruction <id>',
      'what is done to the scene, such as fear/dense-fog; “none” for the light alone; chosen when left out',
    )
    .addOption(
      new Option(
        '--elements <percent or off>',
        'strength of what is added to the scene, 0 to 100; that of the intensity when left out',
      ).argParser(elementsOf),
    );
  return withModelOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  emoeditor edit photo.jpg --emotion awe --out awe.png\n  emoeditor edit shoot.psd --emotion fear --layer "Portrait" --intensity 80 --out fear.psd',
    )
    .action(run);
}

/** Options of how the edit is made, after those of what is edited and where it goes. */
function withModelOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-m, --mode <mode>', 'rules of Iterative Emotion Inference')
        .choices(['fast', 'paper', 'official'])
        .default('fast'),
    )
    .option('-s, --seed <number>', 'same seed, same result', integer, 42)
    .option('-b, --bundle <name or folder>', 'model bundle; the starter when left out')
    .addOption(
      new Option(
        '--conditioning <what>',
        'what the model is told: the direction from the picture’s emotion to the target, the target alone, or an instruction; what the bundle is made for when left out',
      ).choices(CONDITIONINGS),
    )
    .option('--no-iei', 'one iteration, whatever the critic says of it')
    .option(
      '--refine',
      'paint what is new once more, at twice the size that the model works at',
      false,
    )
    .option(
      '--no-ai-note',
      'leave out the note in the XMP metadata that a model edited the picture (which one, emotion, seed, intensity)',
    )
    .option('--cube <file>', 'the grade as a .cube table too, for a Color Lookup layer')
    .option('--overwrite', 'replace the output if it exists', false)
    .option('--json', 'print the result as JSON on standard output', false);
}

async function run(file: string, options: EditOptions): Promise<void> {
  const emotion = knownEmotion(options.emotion);
  const request = editRequestSchema.parse({
    target: { kind: 'emotion', emotion },
    mode: options.mode,
    seed: options.seed,
    ...sceneOf(options),
  });
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  const progress = createEditProgress(process.stderr);
  try {
    const result = await editFile(
      {
        input: file,
        output: options.out,
        source: sourceOf(options),
        result: options.result ?? options.as,
        aiNote: options.aiNote,
        request,
        intensity: options.intensity,
        elements: options.elements ?? null,
        overwrite: options.overwrite,
        cube: options.cube ?? null,
        refine: options.refine,
      },
      () => loadEditor(options.bundle ?? null, controller.signal, ablationOf(options)),
      {
        note: (sentence) => progress.say(sentence),
        progress: (now) => progress.show(now),
        iteration: (report) => progress.say(iterationLine(emotion, report)),
      },
      controller.signal,
    );
    progress.stop();
    console.log(options.json ? JSON.stringify(result) : summary(result, request, options.out));
    if (result.cube !== null && !result.cube.isWritten) throw tooLocal(options, result.cube);
  } finally {
    progress.stop();
    process.removeListener('SIGINT', stop);
  }
}

const RESULT_KINDS = ['layer', 'group', 'smart-object'] as const;

function iterationLine(
  emotion: Emotion,
  { index, pTarget, ssim, verdict, scene }: IterationReport,
): string {
  const told = scene === undefined ? '' : ` · ${sceneLine(scene)}`;
  return `iteration ${index + 1}: P(${emotion}) ${pTarget.toFixed(2)}, SSIM ${ssim.toFixed(2)}, ${VERDICTS[verdict]}${told}`;
}

const sceneLine = ({ plan, sentence }: ToldScene): string =>
  [plan.instruction ?? 'a plan of its own', ...(sentence === null ? [] : [`“${sentence}”`])].join(
    ' ',
  );

/** What the request says of the scene; nothing where nothing was said. */
function sceneOf({ instruction, elements }: EditOptions): Pick<EditRequest, 'scene'> {
  if (instruction === 'none' || elements === 0) return { scene: { elements: false } };
  return instruction === undefined ? {} : { scene: { elements: true, instruction } };
}

function elementsOf(text: string): number {
  if (text === 'off') return 0;
  const percent = numberIn(text.replace('%', ''));
  if (!(percent >= 0 && percent <= 100)) throw new InvalidArgumentError('Give off, or 0 to 100.');
  return percent / 100;
}

function sourceOf({ layer, visible }: EditOptions): SourceChoice {
  if (layer === undefined) return visible ? { kind: 'visible' } : TOPMOST;
  if (!visible) return { kind: 'named', name: layer };
  throw new UsageError('--layer names one layer, --visible means all.', 'Leave one of them out.');
}

/** The picture is there, but not all that was asked for: a script has to hear of it. */
function tooLocal({ cube, out }: EditOptions, { mean, most }: ColourCube['error']): FileError {
  return new FileError(
    'CANNOT_WRITE',
    `${cube} was not written: the grade differs from place to place, and one table would be off by ${mean.toFixed(1)} levels on average and ${most.toFixed(0)} in the worst twentieth.`,
    `The edited picture ${out} has the whole grade.`,
  );
}

const ablationOf = ({ conditioning, iei }: EditOptions): Ablation =>
  conditioning === undefined ? { iei } : { iei, conditioning };

const VERDICTS = {
  accepted: 'accepted',
  ssimTooLow: 'too far from the photograph',
  ssimTooHigh: 'too close to the photograph',
  confidenceTooLow: 'not sure enough yet',
  notRisen: 'no more than before',
} as const;

function summary(result: EditFileResult, request: EditRequest, out: string): string {
  const { before, delivered, chosen, outcome, iterations, unetEvaluations, timings, cube } = result;
  const seconds = (
    ['read', 'load', 'proxy', 'edit', 'refine', 'fit', 'composite', 'reread', 'write'] as const
  )
    .filter((stage) => timings[stage] !== undefined)
    .map((stage) => `${stage} ${((timings[stage] ?? 0) / 1000).toFixed(1)}`)
    .join(', ');
  return [
    ...distributionLines(before, delivered, targetDistribution(request.target)),
    '',
    outcome.reason,
    `${describeTarget(request.target)}: iteration ${chosen.index + 1} of ${iterations.length}, ${VERDICTS[chosen.verdict]}, SSIM ${chosen.ssim.toFixed(2)}, ${unetEvaluations} UNet evaluations`,
    `seconds: ${seconds}`,
    ...(chosen.scene === undefined ? [] : [`scene: ${sceneLine(chosen.scene)}`]),
    `saved ${out}`,
    ...(cube?.isWritten
      ? [`saved the grade as a table, off by ${cube.mean.toFixed(1)} levels on average`]
      : []),
  ].join('\n');
}

function knownEmotion(name: string): Emotion {
  const found = EMOTIONS.find((emotion) => emotion === name.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(
    `“${name}” is not one of the eight emotions.`,
    `Choose one of ${EMOTIONS.join(', ')}.`,
  );
}

function percentOf(text: string): number {
  const percent = numberIn(text.replace('%', ''));
  if (!(percent >= 0 && percent <= 150)) throw new InvalidArgumentError('Give 0 to 150.');
  return percent / 100;
}

function integer(text: string): number {
  const number = numberIn(text);
  if (!Number.isInteger(number) || number < 0 || number > 0xffffffff) {
    throw new InvalidArgumentError('Give a whole number from 0 to 4294967295.');
  }
  return number;
}
