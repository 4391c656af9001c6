// Runs the TypeScript source as it is: a thread does not take the loader over from the process that starts it.
import { register } from 'tsx/esm/api';

register();
await import('../src/engine/threads/compositorWorker.ts');
