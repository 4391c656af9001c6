/** The machine's own limit, as a contender. */
import { createInterface } from 'node:readline';
import type { Task } from './contender.mts';
import { openPeak, PEAK_GFLOP } from './peak.mts';

const task: Task = JSON.parse(process.argv[2] as string);
const peak = await openPeak(task.threads);
console.log('{}');

for await (const _ of createInterface({ input: process.stdin })) {
  const ms = await peak();
  const rss = process.memoryUsage().rss / 2 ** 20;
  console.log(JSON.stringify({ ms, probe: [], rss, gflop: PEAK_GFLOP }));
}
