import { PluginError } from '@emoeditor/plugin/errors.ts';
import type { PanelEvent } from '@emoeditor/plugin/session/panelEvent.ts';
import { panelReducer } from '@emoeditor/plugin/session/panelReducer.ts';
import {
  DEFAULT_CHOICES,
  initialState,
  type PanelState,
} from '@emoeditor/plugin/session/panelState.ts';
import { describe, expect, it } from 'vitest';
import { LAYER, plain } from '../doubles/scriptedHost.ts';
import { DISTRIBUTION, reportOf } from '../doubles/scriptedServer.ts';

const start = initialState(DEFAULT_CHOICES);
const panelAfter = (...events: PanelEvent[]): PanelState => events.reduce(panelReducer, start);

const region = { bounds: LAYER.bounds, selection: 'none' } as const;
const subject = {
  layer: LAYER,
  region,
  target: 'awe',
  seed: 42,
  model: 'Starter',
  before: 'data:before',
  proxy: plain(4, 2),
  grain: 0,
} as const;
const started: PanelEvent[] = [
  { type: 'captureStarted', layer: LAYER, target: 'awe' },
  { type: 'editStarted', subject },
];
const iteration = (index: number, patch = {}): PanelEvent[] => [
  {
    type: 'jobEvent',
    event: { type: 'iterated', report: reportOf(index, patch) },
  },
  { type: 'previewArrived', index, picture: `data:${index}` },
];
const succeeded = (chosen: number, count: number): PanelEvent => ({
  type: 'editEnded',
  job: {
    jobId: 'j1',
    state: {
      status: 'succeeded',
      chosen,
      iterations: Array.from({ length: count }, (_, index) => reportOf(index)),
      sourceDistribution: DISTRIBUTION,
      unetEvaluations: 1,
      timings: {},
    },
  },
});

describe('an edit', () => {
  it('goes from idle over capturing to editing', () => {
    expect(start.run.kind).toBe('idle');
    expect(panelAfter(...started.slice(0, 1)).run).toEqual({
      kind: 'capturing',
      layer: LAYER,
      target: 'awe',
    });
    expect(panelAfter(...started).run).toMatchObject({ kind: 'editing', frames: [], viewed: null });
  });

  it('gathers frames in order, each once, and never one without its report', () => {
    const { run } = panelAfter(
      ...started,
      ...iteration(0),
      ...iteration(0),
      { type: 'previewArrived', index: 5, picture: 'data:5' },
      ...iteration(1),
    );
    expect(run.kind === 'editing' && run.frames.map(({ picture }) => picture)).toEqual([
      'data:0',
      'data:1',
    ]);
  });

  it('ends on the iteration that the loop chose', () => {
    const { run } = panelAfter(...started, ...iteration(0), ...iteration(1), succeeded(1, 2));
    expect(run).toMatchObject({
      kind: 'ended',
      result: { jobId: 'j1', chosen: 1, selected: 1, applied: null },
    });
  });

  it('ends on the most confident one when cancelled', () => {
    const { run } = panelAfter(
      ...started,
      ...iteration(0, { pTarget: 0.4 }),
      ...iteration(1, { pTarget: 0.8 }),
      ...iteration(2, { pTarget: 0.5 }),
      { type: 'editEnded', job: { jobId: 'j1', state: { status: 'cancelled', iterations: [] } } },
    );
    expect(run).toMatchObject({ kind: 'ended', result: { chosen: null, selected: 1 } });
  });

  it('returns to idle with a notice when it failed, and without one when cancelled', () => {
    const error = new PluginError('HOST_BUSY', { message: 'busy', hint: 'wait' });
    const failed = panelAfter(...started, { type: 'stopped', error, retry: 'edit' });
    expect(failed).toMatchObject({ run: { kind: 'idle' }, notice: { error, retry: 'edit' } });
    expect(panelAfter(...started, { type: 'stopped', error: null, retry: null }).notice).toBeNull();
    expect(panelReducer(failed, { type: 'noticeDismissed' }).notice).toBeNull();
  });
});

describe('a result', () => {
  const ended = [...started, ...iteration(0), ...iteration(1), succeeded(1, 2)];

  it('is applied, and keeps what was applied', () => {
    const applied = {
      layerId: 9,
      iteration: 1,
      intensity: 80,
      elements: 100,
      kind: 'layer',
    } as const;
    const { run } = panelAfter(
      ...ended,
      { type: 'applyStarted' },
      { type: 'applyProgressed', fraction: 0.5, etaMs: null },
      { type: 'applied', applied },
    );
    expect(run).toMatchObject({ kind: 'ended', result: { applied } });
  });

  it('never lets the progress of an apply fall', () => {
    const { run } = panelAfter(
      ...ended,
      { type: 'applyStarted' },
      { type: 'applyProgressed', fraction: 0.5, etaMs: null },
      { type: 'applyProgressed', fraction: 0.2, etaMs: null },
    );
    expect(run).toMatchObject({ kind: 'applying', fraction: 0.5 });
  });

  it('tells that Photoshop keeps it waiting, until it goes on', () => {
    const waiting = [...ended, { type: 'applyStarted' }, { type: 'applyWaiting' }] as const;
    expect(panelAfter(...waiting).run).toMatchObject({ kind: 'applying', isWaiting: true });
    const { run } = panelAfter(...waiting, { type: 'applyProgressed', fraction: 0.1, etaMs: null });
    expect(run).toMatchObject({ isWaiting: false });
    expect(panelAfter({ type: 'applyWaiting' }).run.kind).toBe('idle');
  });

  it('lets another frame be selected, but not while one is being applied', () => {
    const select: PanelEvent = { type: 'frameSelected', index: 0 };
    expect(panelAfter(...ended, select).run).toMatchObject({ result: { selected: 0 } });
    expect(panelAfter(...ended, { type: 'applyStarted' }, select).run).toMatchObject({
      kind: 'applying',
      result: { selected: 1 },
    });
  });

  it('outlives an apply that failed', () => {
    const error = new PluginError('HOST_FAILED', { message: 'no', hint: '' });
    const { run, notice } = panelAfter(
      ...ended,
      { type: 'applyStarted' },
      { type: 'stopped', error, retry: 'apply' },
    );
    expect(run).toMatchObject({ kind: 'ended', result: { jobId: 'j1', applied: null } });
    expect(notice?.retry).toBe('apply');
  });
});

it('ignores events that do not fit the state', () => {
  const strays: PanelEvent[] = [
    { type: 'applyStarted' },
    { type: 'applyProgressed', fraction: 1, etaMs: null },
    { type: 'cancelRequested' },
    { type: 'frameSelected', index: 3 },
    { type: 'previewArrived', index: 0, picture: 'data:' },
    {
      type: 'applied',
      applied: { layerId: 1, iteration: 0, intensity: 100, elements: 100, kind: 'layer' },
    },
  ];
  expect(panelAfter(...strays).run).toEqual({ kind: 'idle' });
});
