import { emotionSchema, ieiModeSchema } from '@emoeditor/shared';
import type { SettingsStore } from '../host/settingsStore.ts';
import { type Choices, DEFAULT_CHOICES, type ResultKind } from './panelState.ts';

const KEY = 'settings';
const RESULTS: readonly ResultKind[] = ['layer', 'group', 'smartObject'];

/** Whole numbers in Photoshop's descriptors have a sign and 32 bits; recorded seeds must fit. */
export const MAX_SEED = 0x7fffffff;

/** Document pixels: more than the model tells apart at its size, and quick enough to compute. */
export const MAX_FEATHER = 250;
/** Percent. */
export const MAX_PADDING = 300;

/** The choices of last time; anything unreadable falls back to the default, choice by choice. */
export function readChoices(settings: SettingsStore): Choices {
  return parseChoices(settings.read(KEY));
}

/** Choices out of JSON of any version. */
export function parseChoices(json: string | null): Choices {
  const stored = parse(json);
  const target = emotionSchema.safeParse(stored.target);
  const mode = ieiModeSchema.safeParse(stored.mode);
  return {
    target: target.success ? target.data : DEFAULT_CHOICES.target,
    mode: mode.success ? mode.data : DEFAULT_CHOICES.mode,
    intensity: whole(stored.intensity, 0, 150) ?? DEFAULT_CHOICES.intensity,
    seed: whole(stored.seed, 0, MAX_SEED) ?? DEFAULT_CHOICES.seed,
    selection: stored.selection === 'keep' ? 'keep' : DEFAULT_CHOICES.selection,
    feather: whole(stored.feather, 0, MAX_FEATHER) ?? DEFAULT_CHOICES.feather,
    padding: whole(stored.padding, 0, MAX_PADDING) ?? DEFAULT_CHOICES.padding,
    result: RESULTS.find((kind) => kind === stored.result) ?? DEFAULT_CHOICES.result,
    source: stored.source === 'visible' ? 'visible' : DEFAULT_CHOICES.source,
    instruction:
      typeof stored.instruction === 'string' ? stored.instruction : DEFAULT_CHOICES.instruction,
    banned: Array.isArray(stored.banned)
      ? stored.banned.filter((id): id is string => typeof id === 'string')
      : DEFAULT_CHOICES.banned,
    elements: whole(stored.elements, 0, 100) ?? DEFAULT_CHOICES.elements,
    aiNote: stored.aiNote === 'off' ? 'off' : DEFAULT_CHOICES.aiNote,
  };
}

export function writeChoices(settings: SettingsStore, choices: Choices): void {
  settings.write(KEY, JSON.stringify(choices));
}

/** Stored settings may come from any version or be corrupt. */
type Stored = { readonly [Key in keyof Choices]?: unknown };

function parse(text: string | null): Stored {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function whole(value: unknown, least: number, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? value
    : null;
}
