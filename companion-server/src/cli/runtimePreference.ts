import { readConfig } from '../config.ts';
import { preferenceOf } from '../runtime/chooseProvider.ts';

/** Provider preference from EMOEDITOR_* variables, for commands that load models in their own process. */
export const runtimePreference = () => preferenceOf(readConfig());
