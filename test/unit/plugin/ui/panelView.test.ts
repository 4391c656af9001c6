import type { PanelState, Result, Run, Subject } from '@emoeditor/plugin/session/panelState.ts';
import { DEFAULT_CHOICES, initialState } from '@emoeditor/plugin/session/panelState.ts';
import { panelView } from '@emoeditor/plugin/ui/panelView.ts';
import { describe, expect, it } from 'vitest';
import { LAYER, plain } from '../doubles/scriptedHost.ts';
import { DISTRIBUTION, reportOf } from '../doubles/scriptedServer.ts';

const result: Result = {
  number: 1,
  subject: {
    layer: LAYER,
    region: { bounds: LAYER.bounds, selection: 'none' },
    target: 'awe',
    seed: 42,
    model: 'Starter',
    before: 'data:before',
    proxy: plain(4, 2),
    grain: 0,
  },
  jobId: 'j1',
  frames: [0, 1].map((index) => ({ report: reportOf(index), picture: `data:${index}` })),
  chosen: 1,
  selected: 1,
  sourceDistribution: DISTRIBUTION,
  outcome: { kind: 'convinced', reason: 'Awe rose.' },
  everApplied: [],
  applied: { layerId: 9, iteration: 1, intensity: 100, elements: 100, kind: 'layer' },
};
const ended = (patch: Partial<Result> = {}, intensity = 100): PanelState => ({
  ...initialState({ ...DEFAULT_CHOICES, intensity }),
  active: { kind: 'editable', layer: LAYER },
  reading: { kind: 'read', distribution: DISTRIBUTION, picture: 'data:layer' },
  run: { kind: 'ended', result: { ...result, ...patch } },
});
const editing = (patch: Partial<Extract<Run, { kind: 'editing' }>> = {}): PanelState => ({
  ...ended(),
  run: {
    kind: 'editing',
    subject: result.subject,
    job: { status: 'queued', position: 0 },
    frames: result.frames,
    viewed: null,
    isCancelling: false,
    ...patch,
  },
});

describe('what the panel shows', () => {
  it('is the layer while there is no edit', () => {
    const view = panelView({ ...ended(), run: { kind: 'idle' } });
    expect(view).toMatchObject({ before: 'data:layer', source: DISTRIBUTION, viewed: null });
    expect(view.shape).toMatchObject({ width: 2500, height: 1100 });
  });

  it('is the selected frame of a result over its source', () => {
    expect(panelView(ended())).toMatchObject({
      before: 'data:before',
      viewed: { picture: 'data:1' },
      applied: 'Awe · 100 %',
      canApply: false,
    });
  });

  it('offers to apply what the document does not show yet', () => {
    expect(panelView(ended({}, 80)).canApply).toBe(true);
    expect(panelView(ended({ selected: 0 })).canApply).toBe(true);
    expect(panelView(ended({ applied: null })).canApply).toBe(true);
  });

  it('offers to apply another strength of elements where there are some', () => {
    const choices = { ...DEFAULT_CHOICES, elements: 60 };
    expect(panelView({ ...ended(), choices }).canApply).toBe(false);
    const scene = { plan: { instruction: 'awe/aurora', elements: [] }, sentence: 'let it shine' };
    const frames = result.frames.map((frame) => ({
      ...frame,
      report: { ...frame.report, scene },
    }));
    expect(panelView({ ...ended({ frames }), choices }).canApply).toBe(true);
  });

  it('leaves a result alone while another layer is active', () => {
    const elsewhere = { ...LAYER, layerId: 8 };
    const view = panelView({ ...ended(), active: { kind: 'editable', layer: elsewhere } });
    expect(view).toMatchObject({ before: 'data:layer', frames: [], canApply: false });
  });

  it('is in the shape of the region that was edited, during the edit and after it', () => {
    const bounds = { left: 0, top: 0, width: 300, height: 200 };
    const subject: Subject = { ...result.subject, region: { bounds, selection: 'edit' } };
    expect(panelView(ended({ subject })).shape).toMatchObject({ width: 300, height: 200 });
    expect(panelView(editing({ subject })).shape).toMatchObject({ width: 300, height: 200 });
  });

  it('follows the newest frame of a running edit until one is picked', () => {
    expect(panelView(editing()).viewed?.picture).toBe('data:1');
    expect(panelView(editing({ viewed: 0 })).viewed?.picture).toBe('data:0');
  });
});

describe('reading of the layer', () => {
  const reading = {
    jobId: 'j1',
    iteration: 1,
    intensity: 60,
    elements: 100,
    distribution: [1, 0, 0, 0, 0, 0, 0, 0],
    picture: 'data:at60',
  };

  it('is the one at the chosen intensity once there is one', () => {
    expect(panelView({ ...ended({}, 60), layerReading: reading })).toMatchObject({
      edited: reading.distribution,
      editedAt: 60,
      after: 'data:at60',
    });
  });

  it.each([
    ['another intensity', {}, 80],
    ['another iteration', { selected: 0 }, 60],
    ['100 %', {}, 100],
  ] as const)('is that of 100 %% and says so at %s', (_, patch, intensity) => {
    const view = panelView({ ...ended(patch, intensity), layerReading: reading });
    expect([view.editedAt, view.after]).toEqual([100, null]);
    expect(view.edited).toEqual(view.viewed?.report.distribution);
  });

  it('comes with how the run ended', () => {
    expect(panelView(ended()).outcome?.reason).toBe('Awe rose.');
  });
});
