import { ImportError } from '../importError.ts';
import type { ElementType } from './elements.ts';
import type { PickleGlobal, PickleOpaque, PickleTuple } from './pickleMachine.ts';
import { rebuildTensor } from './storedTensor.ts';

/** A storage class: what kind of numbers lie in a record of the archive. */
export interface StorageClass extends PickleGlobal {
  readonly elements: ElementType;
}

const STORAGES: Readonly<Record<string, ElementType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/**
 * Classes of what Lightning and others store besides the weights: settings, counters, paths. They are ignored, so the
 * list has only names that occur in published checkpoints.
 */
const BESIDE_THE_WEIGHTS = [
  '__builtin__.dict',
  '__builtin__.list',
  '__builtin__.int',
  '__builtin__.set',
  '_codecs.encode',
  'argparse.Namespace',
  'builtins.dict',
  'builtins.int',
  'builtins.list',
  'builtins.set',
  'collections.Counter',
  'numpy._core.multiarray._reconstruct',
  'numpy._core.multiarray.scalar',
  'numpy.core.multiarray._reconstruct',
  'numpy.core.multiarray.scalar',
  'numpy.dtype',
  'numpy.ndarray',
  'omegaconf.base.ContainerMetadata',
  'omegaconf.base.Metadata',
  'omegaconf.dictconfig.DictConfig',
  'omegaconf.listconfig.ListConfig',
  'omegaconf.nodes.AnyNode',
  'pathlib.Path',
  'pathlib.PosixPath',
  'pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint',
  'pytorch_lightning.utilities.parsing.AttributeDict',
  'torch.bfloat16',
  'torch.device',
  'torch.float16',
  'torch.float32',
  'torch.float64',
  'torch.int64',
  'torch.serialization._get_layout',
  'torch.strided',
  'typing.Any',
];

/** Rooms of settings, callbacks and dates: whatever is named in them, nothing is made of it. */
const HARMLESS =
  /^((pytorch_lightning|lightning|lightning_fabric|omegaconf|hydra|datetime)\.|types\.SimpleNamespace$|torch\.(u?int|float|bfloat|complex|bool|strided|contiguous_format|channels_last|preserve_format)\w*$)/;
/** What a pickle needs to run something. */
const DANGEROUS =
  /^(os|posix|nt|sys|subprocess|shutil|socket|runpy|importlib|pickle|marshal|ctypes|operator|webbrowser|pty|commands)\.|^(builtins|__builtin__)\.(eval|exec|compile|open|getattr|setattr|__import__|apply|input)$/;

const opaque = (name: string): PickleGlobal => ({
  name,
  call: (args: PickleTuple): PickleOpaque => ({ opaque: name, holds: [args] }),
});

const KNOWN = new Map<string, PickleGlobal | StorageClass>([
  ...Object.entries(STORAGES).map(
    ([name, elements]) => [`torch.${name}`, { name: `torch.${name}`, elements }] as const,
  ),
  ...BESIDE_THE_WEIGHTS.map((name) => [name, opaque(name)] as const),
  ...Object.entries({
    'collections.OrderedDict': orderedDict,
    'collections.defaultdict': () => new Map(),
    'torch.Size': ([sides]) => sides,
    'torch._utils._rebuild_tensor_v2': rebuildTensor,
    'torch._utils._rebuild_tensor': rebuildTensor,
    'torch._utils._rebuild_parameter': ([tensor]) => tensor,
    'torch._utils._rebuild_parameter_with_state': ([tensor]) => tensor,
  } satisfies Record<string, NonNullable<PickleGlobal['call']>>).map(
    ([name, call]) => [name, { name, call }] as const,
  ),
]);

/** Entries usually follow the call one by one; Python 2 passed them as a list of pairs. */
function orderedDict(args: PickleTuple): Map<unknown, unknown> {
  if (args.length === 0) return new Map();
  throw new ImportError(
    'UNSUPPORTED',
    'The checkpoint makes an OrderedDict from a list, as Python 2 did.',
    'Save it again with a current PyTorch.',
  );
}

/**
 * Looks a name up in the list of those that a checkpoint may refer to.
 * @param where the pickle's name in messages
 * @throws ImportError UNSUPPORTED with the name
 */
export function findTorchGlobal(name: string, where: string): PickleGlobal {
  const found = KNOWN.get(name);
  if (found !== undefined) return found;
  if (HARMLESS.test(name)) return opaque(name);
  throw new ImportError(
    'UNSUPPORTED',
    `${where} asks for ${name}, which is no part of a list of tensors; nothing was executed.`,
    hintOn(name),
  );
}

function hintOn(name: string): string {
  if (DANGEROUS.test(name)) {
    return 'A checkpoint that calls such code may be an attack: ask its author for .safetensors.';
  }
  if (/^(torch\.nn|torchvision|__main__)\./.test(name)) {
    return 'It was saved as a whole module. In Python: torch.save(model.state_dict(), "model.pt").';
  }
  return 'It holds more than weights. In Python: torch.save(torch.load(path)["state_dict"], "model.pt"), if you trust where it is from.';
}
