import { basename } from 'node:path';
import { ImportError } from '../importError.ts';
import { type ByteFile, damaged, openByteFile } from './byteFile.ts';
import type { Checkpoint } from './checkpoint.ts';
import { ELEMENT_BYTES } from './elements.ts';
import { isTuple, unpickle } from './pickleMachine.ts';
import { refuseOtherFormats } from './refuseOtherFormats.ts';
import { type StateDict, stateDictOf } from './stateDict.ts';
import {
  isStoredTensor,
  placeOfTensor,
  readTensor,
  type StoredTensor,
  type TensorStorage,
} from './storedTensor.ts';
import { findTorchGlobal, type StorageClass } from './torchGlobals.ts';
import { isZip, plainEntry, readZipEntries, type ZipEntry } from './zipArchive.ts';

const PICKLE = 'data.pkl';
/** Stable Diffusion's pickle with its optimiser's state has 2 MB. */
const MAX_PICKLE_BYTES = 64_000_000;

/**
 * Opens what `torch.save` writes since PyTorch 1.6 (`.pt`, `.pth`, `.ckpt`, `.bin`): a zip archive of a pickle and one
 * record per storage. Reading the pickle executes none of its code; tensors are read from disk only when needed.
 * Source: PyTorch, torch/serialization.py, caffe2/serialize/inline_container.h.
 * @throws ImportError MISSING_FILE, NOT_A_CHECKPOINT, TRUNCATED, UNSUPPORTED
 */
export async function openTorchZip(path: string): Promise<Checkpoint> {
  const file = await openByteFile(path);
  try {
    if (!(await isZip(file))) await refuseOtherFormats(file);
    const { tensors, aside } = await readState(file);
    const find = (name: string) => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new RangeError(`No tensor ${name} in ${path}.`);
      return tensor;
    };
    return {
      path,
      files: [path],
      shapes: new Map(Array.from(tensors, ([name, { shape }]) => [name, shape])),
      aside,
      typeOf: (name) => find(name).storage.elements,
      placeOf: (name) => placeOfTensor(path, find(name)),
      read: async (name) => readTensor(file, find(name)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readState(file: ByteFile): Promise<StateDict> {
  const entries = await readZipEntries(file);
  const pickle = findPickle(file, entries);
  // Everything lies in one folder, named after the file that was first saved.
  const folder = pickle.name.slice(0, -PICKLE.length);
  const bigEndian = await isBigEndian(file, entries.get(`${folder}byteorder`));
  const where = `${basename(file.path)}/${pickle.name}`;
  const made = new Set<StoredTensor>();
  const root = unpickle(await file.at(pickle.start, pickle.bytes), {
    where,
    find: (name) => findTorchGlobal(name, where),
    made: (value) => void (isStoredTensor(value) && made.add(value)),
    persistent: (id) =>
      storageOf(file, id, (key) => entries.get(`${folder}data/${key}`), bigEndian),
  });
  return stateDictOf(root, made, where);
}

function findPickle(file: ByteFile, entries: ReadonlyMap<string, ZipEntry>): ZipEntry {
  const names = [...entries.keys()];
  if (names.some((name) => name.endsWith('/constants.pkl'))) {
    throw new ImportError(
      'UNSUPPORTED',
      `${basename(file.path)} is a TorchScript program, expected weights.`,
      'In Python: torch.save(torch.jit.load(path).state_dict(), "model.pt").',
    );
  }
  const found = names.filter((name) => name === PICKLE || /^[^/]+\/data\.pkl$/.test(name));
  const pickle = entries.get(found[0] ?? '');
  if (pickle === undefined || found.length > 1) {
    throw new ImportError(
      'NOT_A_CHECKPOINT',
      `${basename(file.path)} is a zip archive with ${found.length} ${PICKLE}, expected 1 as torch.save writes it.`,
      'If it is a packed folder, unpack it and give the folder.',
    );
  }
  if (pickle.bytes > MAX_PICKLE_BYTES) {
    throw new ImportError(
      'UNSUPPORTED',
      `${pickle.name} has ${pickle.bytes} bytes, expected at most ${MAX_PICKLE_BYTES} for names and shapes.`,
      'Save the weights alone: torch.save(model.state_dict(), "model.pt").',
    );
  }
  return plainEntry(file, pickle);
}

async function isBigEndian(file: ByteFile, entry: ZipEntry | undefined): Promise<boolean> {
  if (entry === undefined) return false;
  const order = new TextDecoder().decode(await file.at(entry.start, Math.min(entry.bytes, 16)));
  if (order === 'little' || order === 'big') return order === 'big';
  throw damaged(file, `has its bytes in the order “${order}”, expected little or big`);
}

/** What `('storage', torch.FloatStorage, '0', 'cpu', 1024)` stands for. */
function storageOf(
  file: ByteFile,
  id: unknown,
  record: (key: string) => ZipEntry | undefined,
  bigEndian: boolean,
): TensorStorage {
  const [tag, type, key, , count] = isTuple(id) ? id : [];
  const entry = typeof key === 'string' ? record(key) : undefined;
  if (tag !== 'storage' || !isStorageClass(type) || !Number.isSafeInteger(count)) {
    throw damaged(file, 'refers to something that is no storage');
  }
  if (entry === undefined) throw damaged(file, `has no record data/${key}`);
  const { elements } = type;
  const bytes = Number(count) * ELEMENT_BYTES[elements];
  if (entry.bytes < bytes || Number(count) < 0) {
    throw damaged(file, `has ${entry.bytes} bytes in ${entry.name}, expected ${bytes}`);
  }
  const { start } = plainEntry(file, entry);
  return { elements, count: Number(count), start, bigEndian };
}

const isStorageClass = (value: unknown): value is StorageClass =>
  typeof value === 'object' && value !== null && 'elements' in value;
