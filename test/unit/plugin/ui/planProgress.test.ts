import {
  type EditPlan,
  EMPTY_PLAN,
  type PlanRow,
  type RowStatus,
} from '@emoeditor/plugin/session/editPlan.ts';
import { planProgress } from '@emoeditor/plugin/ui/planProgress.ts';
import { describe, expect, it } from 'vitest';
import { LAYER, plain } from '../doubles/scriptedHost.ts';

const edit = {
  jobId: 'j',
  iteration: 0,
  pTarget: 0.5,
  scene: null,
  subject: {
    layer: LAYER,
    region: { bounds: LAYER.bounds, selection: 'none' },
    target: 'awe',
    seed: 42,
    model: 'Starter',
    before: '',
    proxy: plain(4, 2),
    grain: 0,
  },
} as const;
const row = (status: RowStatus, patch: Partial<PlanRow> = {}): PlanRow => ({
  key: String(Math.random()),
  name: 'Sky',
  layer: LAYER,
  target: 'awe',
  intensity: 100,
  isIncluded: true,
  resultId: null,
  before: null,
  shape: null,
  source: null,
  after: null,
  status,
  ...patch,
});
const plan = (rows: readonly PlanRow[], isRunning = false): EditPlan => ({
  ...EMPTY_PLAN,
  rows,
  isRunning,
});
const WAITING: RowStatus = { kind: 'waiting' };
const DONE: RowStatus = { kind: 'done', pTarget: 0.7 };
const FAILED: RowStatus = { kind: 'failed', message: 'no', hint: '' };
const EDITED: RowStatus = { kind: 'edited', edit };

describe('where a plan stands', () => {
  it('offers to run what takes part', () => {
    const out = row(WAITING, { isIncluded: false });
    expect(planProgress(plan([row(WAITING), row(WAITING), out]))).toEqual({
      label: 'Evoke on 2 layers',
      canRun: true,
      isDone: false,
      line: '',
      eta: '',
      fraction: 0,
    });
    expect(planProgress(plan([row(WAITING), out])).label).toBe('Evoke on 1 layer');
    expect(planProgress(plan([out, out]))).toMatchObject({
      label: 'Nothing to edit',
      canRun: false,
    });
  });

  it('says what it is at, over all layers', () => {
    const editing: RowStatus = {
      kind: 'editing',
      fraction: 0.5,
      text: 'Painting 1 of 3',
      eta: '≈ 9 s',
    };
    const running = planProgress(plan([row(DONE), row(editing)], true));
    expect(running).toMatchObject({ line: '2 of 2 · Painting 1 of 3', eta: '≈ 9 s' });
    expect(running.fraction).toBeCloseTo(0.7, 9);
    const applying: RowStatus = { kind: 'applying', edit, fraction: 0.5, isWaiting: false };
    expect(planProgress(plan([row(applying)], true))).toMatchObject({
      line: '1 of 1 · Applying at full resolution',
      fraction: 0.9,
    });
    const waiting = row({ ...applying, isWaiting: true });
    expect(planProgress(plan([waiting], true)).line).toMatch(/Waiting for Photoshop/);
    expect(planProgress(plan([row(WAITING)], true)).line).toBe('Starting');
  });

  it('offers to resume what is left, and nothing when all is done', () => {
    expect(planProgress(plan([row(DONE), row(FAILED), row(EDITED)]))).toMatchObject({
      label: 'Resume with 2 layers',
      canRun: true,
      line: '1 of 3 done · 1 ready · 1 failed',
    });
    expect(planProgress(plan([row(DONE), row(DONE)]))).toMatchObject({
      label: 'Done',
      canRun: false,
      fraction: 1,
    });
  });
});
