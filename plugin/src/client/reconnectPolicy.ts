const FIRST_MS = 500;
const LONGEST_MS = 8_000;

/** How long to wait before looking for the server again: 0.5 s, doubling, at most 8 s. `attempt` counts from 0. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
}

/** Where to look, in which order: the port of the user's choice alone, else where the server was last, then the others. */
export function portsToTry(
  { fixed, last }: { readonly fixed: string | null; readonly last: string | null },
  ports: readonly number[],
): readonly number[] {
  const chosen = portOf(fixed);
  if (chosen !== null) return [chosen];
  const before = portOf(last);
  // May be none of ours: the studio tells where its own page came from.
  return before === null ? ports : [before, ...ports.filter((port) => port !== before)];
}

/** A port number out of a setting of any version, or null. */
export function portOf(text: string | null): number | null {
  const port = Number(text);
  return text !== null && Number.isInteger(port) && port > 0 && port < 65536 ? port : null;
}
