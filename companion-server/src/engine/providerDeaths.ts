/** Deaths of engines in a row on one provider after which it is not taken any more. */
const MOST = 2;
/** The last resort, which is never given up. */
const LAST_RESORT = 'cpu';

/** Counts on which execution providers engines die. */
export interface ProviderDeaths {
  /** An engine died or was ended because it stood still. */
  died(provider: string): void;
  /** An engine answered. */
  answered(provider: string): void;
  /** Providers that are not to be taken any more, with the reason that the user is shown. */
  readonly demoted: Readonly<Record<string, string>>;
}

export function createProviderDeaths(): ProviderDeaths {
  const deaths = new Map<string, number>();
  const demoted: Record<string, string> = {};
  return {
    died(provider) {
      const count = (deaths.get(provider) ?? 0) + 1;
      deaths.set(provider, count);
      if (count < MOST || provider === LAST_RESORT) return;
      demoted[provider] =
        `the engine died on it ${count} times in a row; start the server again to try it once more`;
    },
    answered: (provider) => void deaths.delete(provider),
    demoted,
  };
}
