const FIRST_MS = 500;
const LONGEST_MS = 8_000;

/** How long to wait before looking for the server again: 0.5 s, doubling, at most 8 s. `attempt` counts from 0. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
}

/** Where to look, in which order: where the server was last, then its other ports. */
export function portsToTry(remembered: string | null, ports: readonly number[]): readonly number[] {
  const last = Number(remembered);
  return ports.includes(last) ? [last, ...ports.filter((port) => port !== last)] : ports;
}
