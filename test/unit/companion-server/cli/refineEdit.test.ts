import { refineEdit } from '@emoeditor/companion-server/cli/refineEdit.ts';
import type { RepaintJob } from '@emoeditor/companion-server/pipeline/repaint.ts';
import { type Extent, editRequestSchema } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import {
  landscape,
  planar,
  type Scene,
  tinted,
  WORKING,
  withDisc,
  workingEdit,
} from '../compositor/scenes.ts';

const never = new AbortController().signal;
const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'awe' } });
const finer: Extent = { width: 2 * WORKING.width, height: 2 * WORKING.height };
const pixels = finer.width * finer.height;

function pictureOf(scene: Scene) {
  const values = planar(scene, finer);
  const rgb = new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) rgb[i * 3 + k] = Math.round(255 * values[k * pixels + i]!);
  }
  return { ...finer, rgb };
}

const centre = [0.35, 0.7] as const;
const withLamp = (scene: Scene) => withDisc(scene, centre, 0.1, [1, 0.9, 0.3]);

/** Paints everything in one value; tells apart what came from it. */
function scripted(jobs: RepaintJob[]) {
  return {
    async repaint(_request: unknown, job: RepaintJob) {
      jobs.push(job);
      const flat = (value: number) => new Float32Array(3 * pixels).fill(value);
      return { decodedSource: flat(0.1), decodedStart: flat(0.2), decoded: flat(0.9) };
    },
  };
}

const refine = (edit: ReturnType<typeof workingEdit>, jobs: RepaintJob[]) =>
  refineEdit(scripted(jobs), request, edit, pictureOf(landscape), [], () => {}, never);

describe('refining an edit', () => {
  it('repaints the new content alone, at the larger size', async () => {
    const jobs: RepaintJob[] = [];
    const refined = await refine(workingEdit(landscape, withLamp(landscape)), jobs);
    const at = (u: number, v: number) =>
      Math.floor(v * finer.height) * finer.width + Math.floor(u * finer.width);
    expect(refined?.extent).toEqual(finer);
    expect(refined?.decodedSource[0]).toBeCloseTo(0.1);
    expect(refined?.decodedEdit[at(...centre)]).toBeCloseTo(0.9, 1);
    expect(refined?.decodedEdit[at(0.9, 0.2)]).toBeCloseTo(0.2);
    const [job] = jobs;
    expect(job?.mask[at(...centre)]).toBe(1);
    expect(job?.mask[at(0.9, 0.2)]).toBe(0);
    // It starts from the edit as it would be composited, not from the photograph.
    const lamp = at(...centre) * 3;
    expect(Math.abs(job!.start.rgb[lamp + 2]! - 0.3 * 255)).toBeLessThan(25);
  });

  it('has nothing to do where the edit is all colour', async () => {
    const jobs: RepaintJob[] = [];
    const look = tinted(landscape, [0.8, 0.9, 1], [0.05, 0, 0]);
    expect(await refine(workingEdit(landscape, look), jobs)).toBeNull();
    expect(jobs).toEqual([]);
  });
});
