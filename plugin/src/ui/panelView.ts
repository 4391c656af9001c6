import type { Emotion, EmotionVector, Extent, Outcome } from '@emoeditor/shared';
import type { ActiveLayer } from '../host/hostPort.ts';
import { resultName } from '../session/commitIteration.ts';
import {
  type Choices,
  type Frame,
  type LayerReading,
  type PanelState,
  type Result,
  type Run,
  sceneOf,
} from '../session/panelState.ts';

/** What the preview, the film strip and the bars show, worked out of the state once. */
export interface PanelView {
  readonly before: string | null;
  readonly frames: readonly Frame[];
  /** Of the region that `before` and the frames show, in document pixels; null while there is none. */
  readonly shape: Extent | null;
  readonly viewed: Frame | null;
  /** Reading of the layer, and of the frame looked at. */
  readonly source: EmotionVector | null;
  readonly edited: EmotionVector | null;
  /** Intensity in percent that `edited` was read at. */
  readonly editedAt: number;
  /** The region with the layer at the chosen strength, once that was made: in place of the frame's picture. */
  readonly after: string | null;
  /** How the run ended and why this iteration; null while there is nothing to tell. */
  readonly outcome: Outcome | null;
  /** Emotion that the frames were made for. */
  readonly target: Emotion | null;
  readonly chosen: number | null;
  /** True when the selected frame at the chosen intensity is not what the document shows. */
  readonly canApply: boolean;
  /** Name of the layer that shows this result; null while there is none. */
  readonly applied: string | null;
}

const NOTHING: PanelView = {
  before: null,
  frames: [],
  shape: null,
  viewed: null,
  source: null,
  edited: null,
  editedAt: 100,
  after: null,
  outcome: null,
  target: null,
  chosen: null,
  canApply: false,
  applied: null,
};

export function panelView({ run, reading, layerReading, choices, active }: PanelState): PanelView {
  const read = reading.kind === 'read' ? reading : null;
  const view = isAbout(run, active) ? viewOfRun(run, choices, layerReading) : NOTHING;
  return {
    ...view,
    before: view.before ?? read?.picture ?? null,
    shape: view.shape ?? (active.kind === 'editable' ? active.layer.bounds : null),
    source: view.source ?? read?.distribution ?? null,
  };
}

/** A result is shown while its layer is active; work in progress always is. */
function isAbout(run: Run, active: ActiveLayer): boolean {
  if (run.kind !== 'ended' || active.kind !== 'editable') return true;
  const { documentId, layerId } = run.result.subject.layer;
  return active.layer.documentId === documentId && active.layer.layerId === layerId;
}

function viewOfRun(
  run: Run,
  { intensity, elements, result }: Pick<Choices, 'intensity' | 'elements' | 'result'>,
  layerReading: LayerReading | null,
): PanelView {
  switch (run.kind) {
    case 'idle':
    case 'capturing':
      return NOTHING;
    case 'editing': {
      const { frames, subject } = run;
      const viewed = find(frames, run.viewed) ?? frames[frames.length - 1] ?? null;
      return {
        ...NOTHING,
        before: subject.before,
        frames,
        shape: subject.region.bounds,
        viewed,
        edited: viewed?.report.distribution ?? null,
        target: subject.target,
      };
    }
    case 'ended':
    case 'applying': {
      const { frames, subject, selected, applied, chosen, sourceDistribution, outcome } =
        run.result;
      const viewed = find(frames, selected);
      const isCurrent =
        applied?.iteration === selected &&
        applied.intensity === intensity &&
        (applied.elements === elements || sceneOf(run.result, selected) === null) &&
        applied.kind === result;
      return {
        before: subject.before,
        frames,
        shape: subject.region.bounds,
        viewed,
        source: sourceDistribution,
        target: subject.target,
        chosen,
        outcome,
        ...readingOf(run.result, viewed, { intensity, elements }, layerReading),
        canApply: run.kind === 'ended' && !isCurrent,
        applied: applied && resultName(subject.target, applied.intensity),
      };
    }
  }
}

/** The reading at the chosen intensity where there is one; else the report's, which is that of 100 %. */
function readingOf(
  result: Result,
  viewed: Frame | null,
  { intensity, elements }: Pick<Choices, 'intensity' | 'elements'>,
  reading: LayerReading | null,
): Pick<PanelView, 'edited' | 'editedAt' | 'after'> {
  const { jobId, selected } = result;
  const strength = sceneOf(result, selected) === null ? 100 : elements;
  const isOfThis =
    reading?.jobId === jobId &&
    reading.iteration === selected &&
    reading.intensity === intensity &&
    reading.elements === strength;
  const isAsMade = intensity === 100 && strength === 100;
  if (reading !== null && isOfThis && !isAsMade) {
    return { edited: reading.distribution, editedAt: intensity, after: reading.picture };
  }
  return { edited: viewed?.report.distribution ?? null, editedAt: 100, after: null };
}

function find(frames: readonly Frame[], index: number | null): Frame | null {
  return frames.find(({ report }) => report.index === index) ?? null;
}
