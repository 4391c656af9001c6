import type { Critic } from '@emoeditor/companion-server/pipeline/critic/critic.ts';
import type { EditOutcome, Editor, Picture } from '@emoeditor/companion-server/pipeline/edit.ts';
import { createEditPipeline } from '@emoeditor/companion-server/pipeline/editPipeline.ts';
import type { FastSettings } from '@emoeditor/companion-server/pipeline/ieiRules/fastSettings.ts';
import {
  type EditRequestInput,
  editRequestSchema,
  type IterationReport,
  type Progress,
} from '@emoeditor/shared';
import { createScriptedCritic, type Opinion } from '../../../fakes/scriptedCritic.ts';
import { createScriptedModels, type ScriptedModels } from '../../../fakes/scriptedModels.ts';

export const AWE = { kind: 'emotion', emotion: 'awe' } as const;
export const ACCEPTABLE: Opinion = { pTarget: 0.8, ssim: 0.65 };
export const UNSURE: Opinion = { pTarget: 0.3, ssim: 0.65 };
export const LOST: Opinion = { pTarget: 0.9, ssim: 0.3 };
export const UNCHANGED: Opinion = { pTarget: 0.2, ssim: 0.95 };

/** Small enough to reckon by hand: 4 steps, two candidates, no guidance on the weak end. */
export const TEST_FAST: FastSettings = {
  steps: 4,
  candidates: 2,
  weakest: { startStrength: 0.5, guidanceScale: 1 },
  strongest: { startStrength: 1, guidanceScale: 2 },
  strengths: [],
  maxIterations: 5,
  maxUNetEvaluations: 200,
  maxSeconds: 60,
};

export function photograph(width = 64, height = 64): Picture {
  const rgb = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * 37 + Math.floor(i / 97) * 11) % 256,
  );
  return { width, height, rgb };
}

export interface RecordedEvents {
  readonly progress: Progress[];
  readonly reports: IterationReport[];
  readonly previews: Picture[];
}

export interface EditOptions {
  readonly request?: Partial<EditRequestInput>;
  readonly script?: ReadonlyArray<readonly Opinion[]>;
  readonly critic?: Critic;
  readonly scripted?: ScriptedModels;
  readonly picture?: Picture;
  readonly fast?: FastSettings;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/** One edit over scripted models; the outcome and everything that was told on the way. */
export function startEdit(options: EditOptions = {}): {
  editor: Editor;
  outcome: Promise<EditOutcome>;
  recorded: RecordedEvents;
} {
  const {
    scripted = createScriptedModels(),
    critic = createScriptedCritic(options.script ?? [[ACCEPTABLE]]),
    picture = photograph(),
    fast = TEST_FAST,
    signal = new AbortController().signal,
  } = options;
  const recorded: RecordedEvents = { progress: [], reports: [], previews: [] };
  const editor = createEditPipeline({
    models: scripted.models,
    resize: async (source, extent) => nearest(source, extent.width, extent.height),
    deliver: ({ decodedEdit }) => decodedEdit,
    fast,
    createCritic: () => critic,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const request = editRequestSchema.parse({ target: AWE, ...options.request });
  const events = {
    progress: (progress: Progress) => void recorded.progress.push(progress),
    iteration(report: IterationReport, preview: Picture) {
      recorded.reports.push(report);
      recorded.previews.push(preview);
    },
  };
  return { editor, outcome: editor.edit(request, picture, events, signal), recorded };
}

function nearest({ width, height, rgb }: Picture, w: number, h: number): Picture {
  const out = new Uint8Array(w * h * 3);
  for (let i = 0; i < w * h; i++) {
    const x = Math.floor(((i % w) * width) / w);
    const y = Math.floor((Math.floor(i / w) * height) / h);
    out.set(rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), i * 3);
  }
  return { width: w, height: h, rgb: out };
}
