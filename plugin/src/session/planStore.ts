import type { EditPlan, PlanEvent } from './editPlan.ts';
import { planReducer } from './planReducer.ts';

/** The plan and those who watch it. */
export interface PlanStore {
  readonly plan: EditPlan;
  dispatch(event: PlanEvent): void;
  subscribe(listener: () => void): () => void;
}

export function createPlanStore(initial: EditPlan): PlanStore {
  let plan = initial;
  const listeners = new Set<() => void>();
  return {
    get plan() {
      return plan;
    },
    dispatch(event) {
      plan = planReducer(plan, event);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
