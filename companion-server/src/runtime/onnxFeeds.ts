import { OPSET } from '../onnx/graphBuilder.ts';
import { encodeModel, type OnnxModel } from '../onnx/onnxModel.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Tensors } from './inferenceRuntime.ts';
import * as ort from './onnxRuntime.ts';

/** What a session is fed with. */
export interface Feeds {
  /** @throws RangeError when an input is missing or unknown */
  of(inputs: Tensors): Promise<Readonly<Record<string, ort.Tensor>>>;
  release(): Promise<void>;
}

/** Copies a tensor to the device. */
export interface Uploader {
  upload(input: ort.Tensor): Promise<ort.Tensor>;
  release(): Promise<void>;
}

interface Kept {
  readonly data: Float32Array;
  readonly onDevice: ort.Tensor;
}

/**
 * @param wanted inputs of the graph
 * @param uploader uploads constant inputs once and keeps them on the device until they change; when null, or after a
 * failure, all inputs are copied at every run
 */
export function createFeeds(wanted: readonly string[], uploader: Uploader | null): Feeds {
  const kept = new Map<string, Kept>();
  let activeUploader = uploader;
  const onDevice = async (name: string, input: Tensor, { upload }: Uploader) => {
    const known = kept.get(name);
    if (known?.data === input.data) return known.onDevice;
    kept.delete(name);
    known?.onDevice.dispose();
    try {
      const uploaded = await upload(feedOf(input));
      kept.set(name, { data: input.data, onDevice: uploaded });
      return uploaded;
    } catch {
      activeUploader = null;
      return feedOf(input);
    }
  };
  return {
    async of(inputs) {
      const given = Object.keys(inputs);
      const feeds: Record<string, ort.Tensor> = {};
      for (const name of wanted) {
        const input = inputs[name];
        if (input === undefined) throw wrongInputs(wanted, given);
        feeds[name] =
          activeUploader !== null && input.isFixed === true
            ? await onDevice(name, input, activeUploader)
            : feedOf(input);
      }
      if (given.length > wanted.length) throw wrongInputs(wanted, given);
      return feeds;
    },
    async release() {
      for (const { onDevice } of kept.values()) onDevice.dispose();
      kept.clear();
      await uploader?.release();
    },
  };
}

const feedOf = ({ data, dims }: Tensor) => new ort.Tensor('float32', data, dims);

const wrongInputs = (wanted: readonly string[], given: readonly string[]) =>
  new RangeError(
    `Expected the inputs ${wanted.join(', ')} but received ${given.join(', ') || 'none'}.`,
  );

/** Uploads by running an identity graph whose output stays on the device: the binding has no other way to upload. */
export function createUploader(options: ort.InferenceSession.SessionOptions): Uploader {
  const sessions = new Map<number, Promise<ort.InferenceSession>>();
  const sessionFor = (rank: number) => {
    const known = sessions.get(rank);
    if (known !== undefined) return known;
    const opened = ort.InferenceSession.create(encodeModel(sameGraph(rank)), {
      ...options,
      preferredOutputLocation: 'gpu-buffer',
    });
    sessions.set(rank, opened);
    return opened;
  };
  return {
    async upload(input) {
      const session = await sessionFor(input.dims.length);
      const { same } = await session.run({ given: input });
      return same as ort.Tensor;
    },
    async release() {
      const opened = [...sessions.values()];
      sessions.clear();
      for (const session of opened) await (await session).release();
    },
  };
}

/** Identity graph for tensors of that rank. */
function sameGraph(rank: number): OnnxModel {
  const dims = Array.from({ length: rank }, (_, axis) => `axis${axis}`);
  const [given, same] = ['given', 'same'];
  const type = 'float32';
  return {
    name: same,
    opset: OPSET,
    nodes: [
      {
        name: same,
        type: 'Identity',
        domain: '',
        inputs: [given],
        outputs: [same],
        attributes: {},
      },
    ],
    tensors: [],
    inputs: [{ name: given, type, dims }],
    outputs: [{ name: same, type, dims }],
  };
}
