import { dirname, resolve } from 'node:path';
import { EMOTIONS, type IeiMode } from '@emoeditor/shared';
import * as z from 'zod';
import { readText } from '../files/readText.ts';
import { EvaluationError } from './evaluationError.ts';
import { WAITING } from './methods/waiting.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9,._ -]{0,60}$/, 'a short plain name');
const emotion = z.enum(EMOTIONS);
const IEI_MODES = ['fast', 'paper', 'official'] as const satisfies readonly IeiMode[];

/** Our editor, or another bundle's, as `emoeditor edit` makes its edits. */
const editorSchema = z.strictObject({
  kind: z.literal('editor'),
  name: z.optional(name),
  /** Name or folder of a model bundle; the config's own when left out. */
  bundle: z.optional(z.string().min(1)),
  mode: z.enum(IEI_MODES).default('fast'),
  seed: z.int().min(0).max(0xffffffff).default(42),
  /** See `emoeditor edit`. */
  conditioning: z.optional(z.enum(['direction', 'one-hot', 'text'])),
  iei: z.boolean().default(true),
  /** False: nothing is added to the scene. A name: that instruction alone. */
  instruction: z.optional(z.union([z.string().min(1), z.literal(false)])),
  intensity: z.number().min(0).max(1.5).default(1),
  steps: z.optional(z.int().min(2).max(100)),
  candidates: z.optional(z.int().min(1).max(8)),
  guidanceScale: z.optional(z.number().min(0).max(20)),
  maxIterations: z.optional(z.int().min(1).max(30)),
});
export type EditorMethod = z.infer<typeof editorSchema>;

const methodSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), name: z.optional(name) }),
  z.strictObject({ kind: z.literal('filter'), name: z.optional(name) }),
  z.strictObject({
    kind: z.literal('colour-transfer'),
    name: z.optional(name),
    /**
     * Files by emotion. Where one is left out, the photograph of the run with the greatest P(target) by the judge, the
     * edited one left out.
     */
    exemplars: z.partialRecord(emotion, z.string().min(1)).default({}),
  }),
  editorSchema,
]);
export type MethodConfig = z.infer<typeof methodSchema>;

const configSchema = z.strictObject({
  /** Files or folders of photographs, relative to the config; with a mask of the deciding region where people drew one. */
  photographs: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          file: z.string().min(1),
          region: z.optional(z.string().min(1)),
        }),
      ]),
    )
    .min(1),
  /** At most so many, in the order of their names. */
  limit: z.optional(z.int().positive()),
  targets: z
    .array(emotion)
    .min(1)
    .default([...EMOTIONS]),
  methods: z.array(z.unknown()).min(1),
  /** Model bundle whose predictor judges, and which edits where a method names no other; the starter when left out. */
  bundle: z.optional(z.string().min(1)),
  /** Folder of a second judge, which no method knows: `judge.onnx` and `judge.json`. */
  judge: z.optional(z.string().min(1)),
  out: z.optional(z.string().min(1)),
  report: z
    .strictObject({
      /** Photographs that are shown side by side. */
      photographs: z.int().min(0).default(8),
      resamples: z.int().min(100).max(100_000).default(2000),
      seed: z.int().min(0).default(1),
    })
    .prefault({}),
});

export interface EvaluationConfig extends Omit<z.infer<typeof configSchema>, 'methods'> {
  readonly methods: readonly MethodConfig[];
  /** Methods that were asked for and wait for something. */
  readonly waiting: readonly string[];
  /** Folder that relative paths are of. */
  readonly folder: string;
}

/**
 * Reads and checks a config.
 * @throws EvaluationError BAD_CONFIG
 */
export async function readEvaluationConfig(path: string): Promise<EvaluationConfig> {
  const text = await readText(path).catch((cause: unknown) => {
    throw bad(
      `${path} cannot be read: ${reasonOf(cause)}.`,
      'Give the name of a JSON file.',
      cause,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad(`${path} is no JSON: ${reasonOf(cause)}.`, SEE, cause);
  }
  return evaluationConfigOf(json, dirname(resolve(path)), path);
}

/** @throws EvaluationError BAD_CONFIG */
export function evaluationConfigOf(
  json: unknown,
  folder: string,
  path = 'the config',
): EvaluationConfig {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) throw bad(`${path} is no evaluation: ${sentenceOf(parsed.error)}.`, SEE);
  const waiting: string[] = [];
  const methods: MethodConfig[] = [];
  for (const entry of parsed.data.methods) {
    if (typeof entry === 'string' && entry in WAITING) waiting.push(entry);
    else methods.push(methodOf(entry));
  }
  if (methods.length === 0) {
    throw bad('Every method of the config waits for something.', `Add one of ${KINDS.join(', ')}.`);
  }
  const names = methods.map(rowOf);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) {
    throw bad(`Two methods are called “${twice}”.`, 'Give each a “name” of its own.');
  }
  return { ...parsed.data, methods, waiting, folder };
}

const KINDS = ['none', 'filter', 'colour-transfer', 'editor'] as const;
const SEE = 'See docs/evaluation.md for what a config says.';

function methodOf(entry: unknown): MethodConfig {
  const given = typeof entry === 'string' ? { kind: entry } : entry;
  const { kind } = (given ?? {}) as { readonly kind?: unknown };
  if (!KINDS.some((known) => known === kind)) {
    throw bad(
      `The method “${String(kind ?? JSON.stringify(entry))}” is not known.`,
      `Known are ${KINDS.join(', ')}; ${Object.keys(WAITING).join(', ')} stand in the report with what they wait for.`,
    );
  }
  const parsed = methodSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw bad(`The method “${String(kind)}” cannot be so: ${sentenceOf(parsed.error)}.`, SEE);
}

/** The name of a method's row. */
export const rowOf = (method: MethodConfig): string =>
  method.name ?? (method.kind === 'editor' ? `editor-${method.mode}` : method.kind);

/** The first thing that is wrong, with its place. */
function sentenceOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  const place = issue?.path.join('.') ?? '';
  return `${place === '' ? '' : `“${place}”: `}${issue?.message ?? 'it cannot be read'}`;
}

const bad = (message: string, hint: string, cause?: unknown) =>
  new EvaluationError('BAD_CONFIG', message, hint, cause);

const reasonOf = (cause: unknown) => {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : message.replace(/\.$/, '');
};
