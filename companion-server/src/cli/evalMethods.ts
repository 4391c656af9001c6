import { resolve } from 'node:path';
import {
  type EditRequest,
  editRequestSchema,
  type PixelBuffer,
  workingExtent,
} from '@emoeditor/shared';
import { type LoadedBundle, loadBundle } from '../engine/loadBundle.ts';
import { type EvaluationConfig, type MethodConfig, rowOf } from '../evaluation/evaluationConfig.ts';
import type { Judges } from '../evaluation/judges.ts';
import { colourTransfer } from '../evaluation/methods/colourTransfer.ts';
import type { Method } from '../evaluation/methods/method.ts';
import { fixedFilter, noChange } from '../evaluation/methods/plainMethods.ts';
import type { RgbPicture } from '../evaluation/pictures/rgbPicture.ts';
import { exemplarsOf } from '../evaluation/run/exemplars.ts';
import type { PhotographFile } from '../evaluation/run/photographs.ts';
import type { EvaluationParts } from '../evaluation/run/runEvaluation.ts';
import { openDocument } from '../imaging/openDocument.ts';
import { resizePicture } from '../imaging/resizePicture.ts';
import type { Ablation } from '../pipeline/ablation.ts';
import { readScene, SCENE_AREA } from '../scene/maps/readScene.ts';
import type { LoadedEditor } from './editJob.ts';
import { evaluatedEditor } from './evaluatedEditor.ts';
import { editorOver } from './loadEditor.ts';
import { runtimePreference } from './runtimePreference.ts';
import { seenBy } from './seenBy.ts';

/** Pictures are judged as the default edit sees them, whoever made them. */
const SEEN: EditRequest = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'awe' } });

/** Bundles that were loaded for a run, each once. */
export interface EvalBundles {
  load(name: string | null): Promise<LoadedBundle>;
  release(): Promise<void>;
}

export function evalBundles(signal: AbortSignal): EvalBundles {
  const loaded = new Map<string | null, Promise<LoadedBundle>>();
  return {
    load(name) {
      const known = loaded.get(name) ?? loadBundle(name, { signal, ...runtimePreference() });
      loaded.set(name, known);
      return known;
    },
    async release() {
      for (const bundle of await Promise.allSettled(loaded.values())) {
        if (bundle.status === 'fulfilled') await bundle.value.release();
      }
    },
  };
}

/** How pictures are looked at, by the bundle whose predictor judges. */
export function eyesOf(
  loaded: LoadedBundle,
  signal: AbortSignal,
): Pick<EvaluationParts, 'see' | 'facesIn'> {
  const editor = editorOver(loaded);
  const { scene } = loaded;
  return {
    see: (pixels: PixelBuffer) => seenBy(editor, SEEN, pixels),
    async facesIn(picture: RgbPicture) {
      if (scene === undefined) return [];
      const small = await resizePicture(picture, workingExtent(picture, SCENE_AREA, 1));
      return (await readScene(small, scene.networks, signal)).faces;
    },
  };
}

/** The methods of a config. */
export function evalMethods(
  config: EvaluationConfig,
  photographs: readonly PhotographFile[],
  judges: Judges,
  see: EvaluationParts['see'],
  bundles: EvalBundles,
): Method[] {
  const make = (method: MethodConfig): Method => {
    const name = rowOf(method);
    switch (method.kind) {
      case 'none':
        return noChange(name);
      case 'filter':
        return fixedFilter(name);
      case 'colour-transfer': {
        const files = Object.entries(method.exemplars).map(([emotion, file]) => [
          emotion,
          resolve(config.folder, file),
        ]);
        const judge = judges['judge'] ?? judges['predictor'];
        if (judge === undefined) throw new RangeError('Expected a judge but there is none.');
        const open = async (path: string) => see((await openDocument(path)).pixels);
        return colourTransfer(
          name,
          exemplarsOf(Object.fromEntries(files), photographs, judge, open),
        );
      }
      case 'editor': {
        const { iei, conditioning } = method;
        const ablation: Ablation = { iei, ...(conditioning === undefined ? {} : { conditioning }) };
        const bundle = method.bundle ?? config.bundle ?? null;
        let editor: Promise<LoadedEditor> | undefined;
        return evaluatedEditor(name, method, () => {
          editor ??= bundles.load(bundle).then((loaded) => editorOver(loaded, ablation));
          return editor;
        });
      }
    }
  };
  return config.methods.map(make);
}
