import type { InferenceSession } from '../runtime/inferenceRuntime.ts';
import type { SceneNetworks } from '../scene/maps/sceneNetworks.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Bundle, type BundlePart, hasPart } from './bundle.ts';
import { ModelError } from './modelError.ts';

/** What a bundle needs for scene maps. */
const SCENE_PARTS = ['scene', 'faces', 'selfie'] as const satisfies readonly BundlePart[];

/**
 * The networks that look at a scene, over the graphs of a bundle.
 * @throws ModelError MODEL_MISSING for a bundle without them
 */
export function sceneNetworks(
  session: (part: BundlePart) => Promise<InferenceSession>,
  bundle: Pick<Bundle, 'files' | 'name' | 'scene'>,
): SceneNetworks {
  const missing = SCENE_PARTS.filter((part) => !hasPart(bundle, part));
  if (missing.length > 0 || bundle.scene === undefined) {
    throw new ModelError(
      'MODEL_MISSING',
      `The bundle ${bundle.name} has no networks that tell what a scene shows.`,
      'Use the starter, or add its networks with “emoeditor import <bundle> --scene <folder> --out <new bundle>”.',
    );
  }
  const run = async (part: BundlePart, inputs: Readonly<Record<string, Tensor>>) => {
    const outputs = await (await session(part)).run(inputs);
    return (output: string): Tensor => {
      const found = outputs[output];
      if (found === undefined) throw new RangeError(`The graph ${part} has no output ${output}.`);
      return found;
    };
  };
  return {
    side: bundle.scene.inputSize,
    classes: async (image) => (await run('scene', { image }))('shares'),
    async faces(image) {
      const output = await run('faces', { x: image });
      return { boxes: output('boxes'), scores: output('scores') };
    },
    foreground: async (image) => (await run('selfie', { x: image }))('foreground'),
  };
}
