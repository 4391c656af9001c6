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
  'typing.Any',
];

const KNOWN = new Map<string, PickleGlobal | StorageClass>([
  ...Object.entries(STORAGES).map(
    ([name, elements]) => [`torch.${name}`, { name: `torch.${name}`, elements }] as const,
  ),
  ...BESIDE_THE_WEIGHTS.map((name) => {
    const call = (args: PickleTuple): PickleOpaque => ({ opaque: name, holds: [args] });
    return [name, { name, call }] as const;
  }),
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
  throw new ImportError(
    'UNSUPPORTED',
    `${where} asks for ${name}, which is no part of a list of tensors; nothing was executed.`,
    name.startsWith('torch.nn.') || name.startsWith('torchvision.') || name.startsWith('__main__.')
      ? 'It was saved as a whole module. In Python: torch.save(model.state_dict(), "model.pt").'
      : 'A checkpoint that calls other code may be an attack: ask its author for .safetensors.',
  );
}
