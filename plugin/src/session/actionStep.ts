import {
  describeTarget,
  EMOTIONS,
  emotionSchema,
  ieiModeSchema,
  type ScenePlan,
  scenePlanSchema,
} from '@emoeditor/shared';
import { PluginError } from '../errors.ts';
import type { ActionParameters } from '../host/hostPort.ts';
import { MAX_FEATHER, MAX_PADDING } from './choicesStore.ts';
import type { Choices } from './panelState.ts';

/** Raised when a parameter changes its meaning; older steps are understood for ever. */
const SCHEMA_VERSION = 1;
const SEED = 'org.emoeditor.seed';
const SELECTION = 'org.emoeditor.selection';
const FEATHER = 'org.emoeditor.feather';
const PADDING = 'org.emoeditor.padding';
const RESULT = 'org.emoeditor.result';
const SOURCE = 'org.emoeditor.source';
const INSTRUCTION = 'org.emoeditor.instruction';
const BANNED = 'org.emoeditor.banned';
const ELEMENTS = 'org.emoeditor.elements';
/** A ScenePlan as JSON: descriptors hold no lists of objects that could be read back by name. */
const SCENE = 'org.emoeditor.scene';
const AI_NOTE = 'org.emoeditor.aiNote';
const VERSION = 'org.emoeditor.schemaVersion';

/**
 * An edit as Photoshop keeps it in an action: flat, relative (always the active layer), readable in the panel.
 * Parameters without a meaning to a reader carry a reverse-URL prefix, as Adobe asks.
 */
export function actionStep(choices: Choices): { name: string; parameters: ActionParameters } {
  const name = describeTarget({ kind: 'emotion', emotion: choices.target });
  return { name: `Evoke ${name}`, parameters: stepParameters(choices) };
}

export function stepParameters(choices: Choices): ActionParameters {
  const { target, intensity, mode, seed, selection, result, source } = choices;
  const { feather, padding, instruction, banned, elements, plan, aiNote } = choices;
  return {
    emotion: target,
    intensity,
    mode,
    [SEED]: seed,
    [SELECTION]: selection,
    [FEATHER]: feather,
    [PADDING]: padding,
    [RESULT]: result,
    [SOURCE]: source,
    [INSTRUCTION]: plan?.instruction ?? instruction,
    // A descriptor keeps plain values alone.
    ...(banned.length === 0 ? {} : { [BANNED]: banned.join(',') }),
    [ELEMENTS]: elements,
    ...(plan === undefined ? {} : { [SCENE]: JSON.stringify(plan) }),
    [AI_NOTE]: aiNote,
    [VERSION]: SCHEMA_VERSION,
  };
}

/** What Photoshop hands back; nothing in it can be trusted. */
export interface StepInfo {
  readonly emotion?: unknown;
  readonly intensity?: unknown;
  readonly mode?: unknown;
  readonly [SELECTION]?: unknown;
  readonly [FEATHER]?: unknown;
  readonly [PADDING]?: unknown;
  readonly [RESULT]?: unknown;
  readonly [SOURCE]?: unknown;
  readonly [INSTRUCTION]?: unknown;
  readonly [BANNED]?: unknown;
  readonly [ELEMENTS]?: unknown;
  readonly [SCENE]?: unknown;
  readonly [AI_NOTE]?: unknown;
  readonly [SEED]?: unknown;
  readonly [VERSION]?: unknown;
}

/** @throws PluginError BAD_ACTION_STEP, so that a batch stops rather than edits something else */
export function choicesOfStep(info: StepInfo): Choices {
  const version = info[VERSION];
  if (version !== SCHEMA_VERSION) {
    throw badStep(`a step of version ${SCHEMA_VERSION}`, version);
  }
  const target = emotionSchema.safeParse(info.emotion);
  if (!target.success) throw badStep(`an emotion (${EMOTIONS.join(', ')})`, info.emotion);
  const mode = ieiModeSchema.safeParse(info.mode);
  if (!mode.success) throw badStep('a mode (fast, paper, official)', info.mode);
  return {
    target: target.data,
    mode: mode.data,
    intensity: whole('an intensity from 0 to 150', info.intensity, 150),
    selection: oneOf('a selection', ['edit', 'keep'], info[SELECTION]),
    // Steps of earlier releases had neither.
    feather: whole(`a feather from 0 to ${MAX_FEATHER}`, info[FEATHER] ?? 0, MAX_FEATHER),
    padding: whole(`a context from 0 to ${MAX_PADDING}`, info[PADDING] ?? 50, MAX_PADDING),
    result: oneOf('a result', ['layer', 'group', 'smartObject'], info[RESULT]),
    source: oneOf('a source', ['layer', 'visible'], info[SOURCE]),
    aiNote: oneOf('an AI note', ['on', 'off'], info[AI_NOTE]),
    seed: whole('a seed from 0 to 4294967295', info[SEED], 0xffffffff),
    ...sceneOfStep(info),
  };
}

/** Steps of earlier releases knew no scene: they changed the light alone. */
function sceneOfStep(
  info: StepInfo,
): Pick<Choices, 'instruction' | 'banned' | 'elements' | 'plan'> {
  if (info[INSTRUCTION] === undefined) return { instruction: 'off', banned: [], elements: 100 };
  const instruction = info[INSTRUCTION];
  if (typeof instruction !== 'string') throw badStep('the id of an instruction', instruction);
  const elements = whole('a strength of elements from 0 to 100', info[ELEMENTS], 100);
  const banned = String(info[BANNED] ?? '')
    .split(',')
    .filter(Boolean);
  if (info[SCENE] === undefined) return { instruction, banned, elements };
  return { instruction, banned, elements, plan: planOf(info[SCENE]) };
}

function planOf(text: unknown): ScenePlan {
  try {
    return scenePlanSchema.parse(JSON.parse(String(text)));
  } catch {
    throw badStep('a scene as it was recorded', text);
  }
}

/** Steps of the first releases have none: they meant the first. */
function oneOf<Value extends string>(
  what: string,
  values: readonly [Value, ...Value[]],
  value: unknown,
): Value {
  if (value === undefined) return values[0];
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw badStep(`${what} (${values.join(', ')})`, value);
}

function whole(what: string, value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) {
    return value;
  }
  throw badStep(what, value);
}

function badStep(expected: string, received: unknown): PluginError {
  return new PluginError('BAD_ACTION_STEP', {
    message: `Expected ${expected} in the action's step but received ${JSON.stringify(received) ?? 'nothing'}.`,
    hint: 'Record the step again with this version of EmoEditor.',
    retryable: false,
  });
}
