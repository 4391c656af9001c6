import { isMainThread } from 'node:worker_threads';

const VARIABLE = 'ORT_DISABLE_TELEMETRY';

/**
 * ONNX Runtime 1.30 resolves its maker's address, keeps a device id and a store of events in the user's cache, and
 * sends them, unless this variable is set when the library loads. Processes that are started from here inherit it.
 * Source: onnxruntime/core/platform/posix/telemetry.cc
 */
if (!isMainThread && process.env[VARIABLE] !== '1') {
  // A thread has a copy of the environment, which the library does not see.
  throw new Error(
    `Expected ${VARIABLE}=1 before a thread loads ONNX Runtime. Load it in the main thread first.`,
  );
}
process.env[VARIABLE] = '1';
