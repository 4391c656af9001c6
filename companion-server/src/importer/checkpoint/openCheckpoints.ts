import type { Checkpoint } from './checkpoint.ts';

/** Checkpoints that are open together and closed together. */
export interface OpenCheckpoints {
  /** Opens one more and keeps it. */
  add(opening: Promise<Checkpoint>): Promise<Checkpoint>;
  /** Files that they lie in. */
  paths(): readonly string[];
  close(): Promise<void>;
}

export function openCheckpoints(): OpenCheckpoints {
  const open: Checkpoint[] = [];
  return {
    async add(opening) {
      const checkpoint = await opening;
      open.push(checkpoint);
      return checkpoint;
    },
    paths: () => open.flatMap(({ files }) => files),
    async close() {
      for (const checkpoint of open.splice(0)) await checkpoint.close();
    },
  };
}

/** Runs `read` and closes everything that it opened if it fails. */
export async function openingTogether<T>(read: (files: OpenCheckpoints) => Promise<T>): Promise<T> {
  const files = openCheckpoints();
  try {
    return await read(files);
  } catch (error) {
    await files.close();
    throw error;
  }
}
