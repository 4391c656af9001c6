import { readConfig } from '../config.ts';
import { preferenceOf } from '../runtime/chooseProvider.ts';

/** What EMOEDITOR_* says of the runtime, for commands that load models in their own process. */
export const runtimePreference = () => preferenceOf(readConfig());
