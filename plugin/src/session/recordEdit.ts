import type { HostPort } from '../host/hostPort.ts';
import { actionStep } from './actionStep.ts';
import type { Choices } from './panelState.ts';

/** Adds the edit to the action being recorded, after it succeeded: a failed run is not worth repeating. */
export async function recordEdit(host: HostPort, choices: Choices): Promise<void> {
  const { name, parameters } = actionStep(choices);
  await host.recordStep(name, parameters);
}
