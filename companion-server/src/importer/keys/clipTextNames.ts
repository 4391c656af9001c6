import type { NameMap } from './nameMap.ts';

const TEXT_MODEL = 'text_model.';

/** Names of transformers' CLIPTextModel: the prefix `text_model.` is there in published files, but not since 5.0. */
export const clipTextName: NameMap = (name) =>
  name.startsWith(TEXT_MODEL) ? name : TEXT_MODEL + name;
