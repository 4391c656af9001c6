import { readFile, writeFile } from 'node:fs/promises';

/** Resident memory of a process in MB, now and at its highest; only Linux tells it. */
export async function residentMemory(
  pid: number | null | undefined,
): Promise<{ readonly now: number; readonly peak: number } | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return status === '' ? null : { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** Lets the peak begin anew at what is resident now. */
export async function forgetPeak(pid: number | null | undefined): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
}
