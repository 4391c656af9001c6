import { playEdit } from '@emoeditor/plugin/actions/playEdit.ts';
import { actionStep, choicesOfStep } from '@emoeditor/plugin/session/actionStep.ts';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../doubles/manualClock.ts';
import { READY, scriptedCompanion } from '../doubles/scriptedCompanion.ts';
import { scriptedHost } from '../doubles/scriptedHost.ts';

const choices = {
  target: 'anger',
  intensity: 120,
  mode: 'fast',
  seed: 9,
  selection: 'keep',
  feather: 12,
  padding: 80,
  result: 'group',
  source: 'layer',
  instruction: 'auto',
  banned: ['anger/black-smoke', 'anger/storm'],
  elements: 100,
  aiNote: 'on',
} as const;

const FOG = {
  instruction: 'anger/black-smoke',
  elements: [{ element: 'smoke', parameters: { amount: 1 }, seed: 7, strength: 1 }],
};

describe('a recorded step', () => {
  it('is flat, versioned, relative and reads back as it was', () => {
    const { name, parameters } = actionStep(choices);
    expect(name).toBe('Evoke Anger');
    expect(parameters).toEqual({
      emotion: 'anger',
      intensity: 120,
      mode: 'fast',
      'org.emoeditor.seed': 9,
      'org.emoeditor.selection': 'keep',
      'org.emoeditor.feather': 12,
      'org.emoeditor.padding': 80,
      'org.emoeditor.result': 'group',
      'org.emoeditor.source': 'layer',
      'org.emoeditor.instruction': 'auto',
      'org.emoeditor.banned': 'anger/black-smoke,anger/storm',
      'org.emoeditor.elements': 100,
      'org.emoeditor.aiNote': 'on',
      'org.emoeditor.schemaVersion': 1,
    });
    expect(choicesOfStep(parameters)).toEqual(choices);
  });

  it('has what was added to the scene in words and as a plan, and asks for that again', async () => {
    const { parameters } = actionStep({ ...choices, plan: FOG });
    expect(parameters['org.emoeditor.instruction']).toBe('anger/black-smoke');
    expect(JSON.parse(String(parameters['org.emoeditor.scene']))).toEqual(FOG);
    const played = choicesOfStep(parameters);
    expect(played.plan).toEqual(FOG);
    const companion = scriptedCompanion();
    const ports = { host: scriptedHost(), companion, clock: manualClock() };
    await playEdit(ports, played, () => {}, new AbortController().signal);
    expect(companion.edits[0]?.scene).toEqual({ plan: FOG });
  });

  it('of an earlier release changes the light alone', async () => {
    const { parameters } = actionStep(choices);
    const { 'org.emoeditor.instruction': _, 'org.emoeditor.elements': __, ...earlier } = parameters;
    expect(choicesOfStep(earlier)).toMatchObject({ instruction: 'off', elements: 100 });
  });

  it.each([
    [{ 'org.emoeditor.schemaVersion': 2 }, /version 1/],
    [{ emotion: 'joy' }, /an emotion/],
    [{ intensity: 151 }, /intensity/],
    [{ intensity: '100' }, /intensity/],
    [{ mode: undefined }, /a mode/],
    [{ 'org.emoeditor.seed': -1 }, /seed/],
    [{ 'org.emoeditor.result': 2 }, /a result \(layer, group, smartObject\)/],
    [{ 'org.emoeditor.source': 'all' }, /a source \(layer, visible\)/],
    [{ 'org.emoeditor.elements': 101 }, /a strength of elements/],
    [{ 'org.emoeditor.scene': '{}' }, /a scene as it was recorded/],
    [{ 'org.emoeditor.selection': 'none' }, /a selection \(edit, keep\)/],
  ])('is refused rather than guessed at: %j', (patch, message) => {
    const step = { ...actionStep(choices).parameters, ...patch };
    expect(() => choicesOfStep(step)).toThrow(message);
  });
});

describe('playing a step', () => {
  const ports = () => ({
    host: scriptedHost(),
    companion: scriptedCompanion(),
    clock: manualClock(),
  });

  it('edits the active layer and applies the chosen iteration', async () => {
    const { host, companion, clock } = ports();
    await playEdit({ host, companion, clock }, choices, () => {}, new AbortController().signal);
    expect(host.added[0]?.name).toBe('Anger · 120 %');
    expect(companion.composites[0]).toMatchObject({ iteration: 2, intensity: 1.2 });
    expect(companion.released).toEqual(['j1']);
    expect(host.steps).toEqual([]);
  });

  it('waits for the server, and throws when it does not come', async () => {
    const { host, companion, clock } = ports();
    companion.state = { kind: 'searching' };
    const waiting = playEdit(
      { host, companion, clock },
      choices,
      () => {},
      new AbortController().signal,
    );
    await clock.pass(1_000);
    companion.state = READY;
    await clock.pass(500);
    await waiting;
    expect(host.added).toHaveLength(1);

    companion.state = { kind: 'absent' };
    const failing = playEdit(
      { host, companion, clock },
      choices,
      () => {},
      new AbortController().signal,
    );
    failing.catch(() => {});
    await clock.pass(30_000);
    await expect(failing).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });

  it('throws for a layer that cannot be edited, so that a batch stops', async () => {
    const { host, companion, clock } = ports();
    host.active = { kind: 'none', message: 'No layer is selected.', hint: 'Click one.' };
    await expect(
      playEdit({ host, companion, clock }, choices, () => {}, new AbortController().signal),
    ).rejects.toMatchObject({ code: 'LAYER_REFUSED' });
  });
});
