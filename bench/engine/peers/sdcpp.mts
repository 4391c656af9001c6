/**
 * stable-diffusion.cpp on the same shapes. Its command line samples a whole picture, so a step is timed by what it
 * prints (“1.23s/it”), and it is stopped when it has sampled. Its inputs are its own: no difference can be told.
 * argv: task, path of sd-cli, type of the weights.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Size, Task } from '../contender.mts';
import { writeDiffusersFolder } from '../diffusersFolder.mts';

const STEPS = 3;
const PIXELS_PER_LATENT = 8;
const task: Task = JSON.parse(process.argv[2] as string);
const [command = 'sd-cli', type = 'f32'] = process.argv.slice(3);
const model = join(task.folder, 'diffusers');
await writeDiffusersFolder(model);
console.log('{}');

for await (const line of createInterface({ input: process.stdin })) {
  const seconds = await secondsPerStep(JSON.parse(line));
  const ms = seconds === null ? null : seconds * 1000;
  console.log(JSON.stringify({ ms, probe: [], rss: null }));
}

/** The fastest step of one picture; null for a size that it would round up. */
async function secondsPerStep([height, width]: Size): Promise<number | null> {
  if (height % 8 !== 0 || width % 8 !== 0) return null;
  const pixels = (latents: number) => String(latents * PIXELS_PER_LATENT);
  const child = spawn(command, [
    ...['-m', model, '--mmap', '--type', type, '-t', String(task.threads)],
    ...['-W', pixels(width), '-H', pixels(height), '--steps', String(STEPS), '--cfg-scale', '1'],
    ...['-p', 'happy', '-o', join(task.folder, 'sdcpp.png')],
  ]);
  let printed = '';
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      printed += bytes.toString();
      if (printed.includes('sampling completed')) child.kill('SIGKILL');
    });
  }
  await ended;
  const steps = Array.from(
    printed.matchAll(/\| \d+\/\d+ - ([\d.]+)(s\/it|it\/s)/g),
    ([, n, unit]) => (unit === 's/it' ? Number(n) : 1 / Number(n)),
  );
  if (steps.length === 0) throw new Error(`sd-cli timed no step: ${printed.slice(-500)}`);
  return Math.min(...steps);
}
