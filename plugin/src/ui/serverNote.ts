import type { ServerIdentity } from '../client/companion.ts';

/** What the model cannot do, what it runs on, and why on nothing faster. */
export function serverNote({ bundle, provider }: ServerIdentity): string {
  const refused = (provider.refused ?? []).map(({ name, reason }) => `${name}: ${reason}.`);
  const others = refused.length === 0 ? [] : ['Not used:', ...refused];
  return [bundle.limits, `${provider.name}: ${provider.reason}.`, ...others].join(' ');
}
