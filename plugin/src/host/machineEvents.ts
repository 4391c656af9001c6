import type { MachineEvent } from './hostPort.ts';
import type { CoreNotifier, PhotoshopModule } from './photoshopModule.ts';

const GROUPS = [
  ['UI', ['panelVisibilityChanged']],
  ['OS', ['awake', 'sleep']],
] as const;

/**
 * Tells when the panel is hidden or shown and when the machine goes to sleep or is back, as far as the host says so.
 * @returns the way to stop
 */
export function watchMachine(
  { core }: Pick<PhotoshopModule, 'core'>,
  listener: (event: MachineEvent) => void,
): () => void {
  const notifier = core as unknown as Partial<CoreNotifier>;
  const hear = (event: string, descriptor: { readonly visible?: unknown }) => {
    if (event === 'awake' || event === 'sleep') listener(event);
    // What the descriptor holds is not documented: only a plain “not visible” is taken for one.
    else listener(descriptor.visible === false ? 'hidden' : 'shown');
  };
  for (const [group, events] of GROUPS) {
    // A host that does not know an event may refuse the whole call.
    attempt(() => notifier.addNotificationListener?.(group, events, hear));
  }
  return () => {
    for (const [group, events] of GROUPS) {
      attempt(() => notifier.removeNotificationListener?.(group, events, hear));
    }
  };
}

function attempt(call: () => Promise<void> | undefined): void {
  try {
    call()?.catch(() => {});
  } catch {
    // As above.
  }
}
