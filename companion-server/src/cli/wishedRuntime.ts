import { readConfig } from '../config.ts';
import { wishOf } from '../runtime/chooseProvider.ts';

/** What EMOEDITOR_* says of the runtime, for commands that load models in their own process. */
export const wishedRuntime = () => wishOf(readConfig());
