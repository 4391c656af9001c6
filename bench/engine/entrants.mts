import { type Contender, startContender, type Task } from './contender.mts';

export const PEAK = 'one matrix product';
/** Ratios are to this one. */
export const EAGER = 'PyTorch, eager';
export const ON_CPU = 'ours, float32 on the CPU';

/** Contenders by what they are called on the command line. */
export type Entrants = Readonly<Record<string, () => Promise<Contender>>>;

const ONNX = './onnxContender.mts';
const PYTORCH = './peers/pytorch.py';
const SDCPP = './peers/sdcpp.mts';

export function entrantsOnCpu(task: Task, sdcpp: string): Entrants {
  const openvino = (name: string, precision: string) => {
    const options = ['unet.portable.onnx', precision];
    return startContender(`OpenVINO, ${name}`, './peers/openvino_peer.py', task, ...options);
  };
  const ours = (name: string, ...files: readonly string[]) =>
    startContender(`ours, ${name}`, ONNX, task, 'cpu', ...files);
  return {
    ours: () => ours('float32'),
    int8: () => ours('int8', 'unet.int8.onnx', 'unet.int8.weights'),
    peak: () => startContender(PEAK, './peakContender.mts', task),
    portable: () => ours('portable graph', 'unet.portable.onnx'),
    pytorch: () => startContender(EAGER, PYTORCH, task),
    compile: () => startContender('PyTorch, torch.compile', PYTORCH, task, 'compile'),
    openvino: () => openvino('float32', 'f32'),
    'openvino-own': () => openvino('its own choice', ''),
    sdcpp: () => startContender('stable-diffusion.cpp, float32', SDCPP, task, sdcpp, 'f32'),
    'sdcpp-q8': () => startContender('stable-diffusion.cpp, q8_0', SDCPP, task, sdcpp, 'q8_0'),
  };
}

export const startOnCard = (task: Task, provider: string): Promise<Contender> =>
  startContender(`ours, ${provider}`, ONNX, task, provider);

/** Peers of a graph on a graphics card, in the numbers that it computes in; and the CPU, which says how far it is off. */
export function peersOnCard(task: Task, numbers: string | undefined): Entrants {
  const options = numbers === 'float16' ? ['card', 'half'] : ['card'];
  return {
    cpu: () => startContender(ON_CPU, ONNX, task, 'cpu'),
    pytorch: () => startContender(EAGER, PYTORCH, task, ...options),
    compile: () => startContender('PyTorch, torch.compile', PYTORCH, task, 'compile', ...options),
  };
}
