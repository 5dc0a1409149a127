import { reasonOf } from '../data/files';
import { describe } from '../describe';
import { FormatError, ValueError } from '../errors';
import { sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { isPlain } from './pytorch';
import { SafetensorsFile } from './rows';
import { safetensorsPieces } from './safetensors';
import { type OpenFile, reading, write } from './source';

/** The values that {@link save} takes: tensors, numbers, strings, booleans and `null`, in lists and objects. */
export type Saved =
  | Tensor
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Saved[]
  | { readonly [name: string]: Saved };

/** Only cyclic objects are deeper. */
const deepest = 64;

/**
 * Writes a training's state into one file (`torch.save`): tensors, numbers and strings in lists and objects, such as `{
 * net: net.stateDict(), optimizer: optimizer.stateDict(), history, epoch }`. It is a safetensors file. Its metadata has
 * the value under `tree`, as JSON, with `{ "$tensor": name }` for a tensor. A tensor in several places, such as tied
 * weights, is written once, and is one tensor again when loaded. The file is written atomically.
 *
 * @param file its path, relative to the notebook's folder
 * @example
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(net.parameters());
 * await io.save('run.safetensors', { net: net.stateDict(), optimizer: optimizer.stateDict(), epoch: 3 });
 * @throws {ValueError} for functions and objects of classes; {@link GradlabError} if the file cannot be written.
 */
export async function save(file: string, value: object): Promise<void> {
  await write('save', file, savedPieces('save', value));
}

/** Returns the bytes of such a file. @internal */
export function savedPieces(op: string, value: object): Uint8Array[] {
  const tensors = new Map<string, Tensor>();
  const tree = JSON.stringify(packedValue(value, '', tensors, 0));
  return safetensorsPieces(op, Object.fromEntries(tensors), { metadata: { tree } });
}

/** Whether both are one tensor, or the same elements of one memory, as tied weights in a `stateDict()`. */
function isSame(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  const isShared = a.memory === b.memory && a.offset === b.offset && a.dtype === b.dtype && a.numel() > 0;
  return isShared && sameShape(a.shape, b.shape) && sameShape(a.stride, b.stride);
}

function packedValue(value: unknown, path: string, tensors: Map<string, Tensor>, depth: number): unknown {
  const at = path === '' ? 'the value' : path;
  if (depth > deepest)
    throw new ValueError(`save: ${at.slice(0, 60)}… is ${depth} levels deep; does it contain itself?`);
  if (value instanceof Tensor) {
    for (const [name, known] of tensors) if (isSame(value, known)) return { $tensor: name };
    // { 'a.b': x, a: { b: y } } has the path a.b twice.
    let name = path;
    while (tensors.has(name)) name += "'";
    tensors.set(name, value);
    return { $tensor: name };
  }
  // JSON has neither NaN nor infinity, and writes -0 as 0.
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (Object.is(value, -0)) return { $number: '-0' };
  if (value === null || ['number', 'string', 'boolean', 'undefined'].includes(typeof value)) return value;
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((item, i) => packedValue(item, below(String(i)), tensors, depth + 1));
  if (!isPlain(value))
    throw new ValueError(`save: ${at} is ${describe(value)}; save its stateDict(), numbers or tensors`);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (name.startsWith('$'))
        throw new ValueError(`save: ${below(name)}: names that begin with $ are those of the file`);
      return [name, packedValue(item, below(name), tensors, depth + 1)];
    }),
  );
}

/**
 * Reads a file of {@link save} (`torch.load`). No code from the file is run. `T` is the expected type; it is not
 * checked here, but by functions that take the value, such as `loadStateDict`.
 *
 * @param file its path, relative to the notebook's folder, or its address, https://…
 * @example
 * await io.save('run.safetensors', { x: tensor([1, 2]), epoch: 3 });
 * await io.load('run.safetensors') // { x: tensor([1., 2.]), epoch: 3 }
 * @throws {FormatError} if it is damaged, or has no tree: {@link loadSafetensors} reads such files;
 * {@link GradlabError} if the file does not exist.
 */
export async function load<T = Record<string, unknown>>(file: string): Promise<T> {
  return reading('load', file, (opened) => readSaved(`load: ${file}`, opened) as T);
}

/** Returns the value in such a file. @internal */
export function readSaved(where: string, opened: OpenFile): unknown {
  const tensors = new SafetensorsFile(where, opened);
  if (!Object.hasOwn(tensors.metadata, 'tree'))
    throw new FormatError(`${where}: it has tensors by name only; read it with io.loadSafetensors`);
  let tree: unknown;
  try {
    tree = JSON.parse(tensors.metadata.tree);
  } catch (cause) {
    throw new FormatError(`${where}: the tree in its metadata is not JSON: ${reasonOf(cause)}`, { cause });
  }
  const names = new Set(tensors.names);
  const known = new Map<string, Tensor>();
  const read = (name: unknown) => {
    if (typeof name === 'string' && names.has(name)) {
      const x = known.get(name) ?? tensors.tensor(name);
      known.set(name, x);
      return x;
    }
    throw new FormatError(`${where}: the tree in its metadata names ${describe(name)}, which is no tensor of the file`);
  };
  return unpackedValue(where, tree, read, 0);
}

function unpackedValue(where: string, value: unknown, read: (name: unknown) => Tensor, depth: number): unknown {
  if (depth > deepest) throw new FormatError(`${where}: the tree in its metadata is more than ${deepest} levels deep`);
  if (Array.isArray(value)) return value.map((item) => unpackedValue(where, item, read, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, '$number')) return Number((value as { $number: unknown }).$number);
  if (Object.hasOwn(value, '$tensor')) return read((value as { $tensor: unknown }).$tensor);
  const entries = Object.entries(value).map(([name, item]) => [name, unpackedValue(where, item, read, depth + 1)]);
  return Object.fromEntries(entries);
}
