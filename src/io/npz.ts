import { joined } from '../bytes';
import { reasonOf } from '../data/files';
import { describe } from '../describe';
import { isTensorLike, type NumberList } from '../display';
import { FormatError, ValueError } from '../errors';
import { crc32 } from '../kernels/crc32';
import { requireBooleans } from '../ops/table/arguments';
import { inflateRaw } from '../platform';
import { tensor } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import { npyPieces, type ReadOptions, readNpy, requireReadOptions, requireSize, tensorOf } from './npy';
import { headerEnd, type NpyHeader, npyPrefix, parseHeader } from './npy-header';
import { inMemory, type OpenFile, part, reading, requireBytes, write } from './source';
import { type Entry, faultOf, readDirectory } from './unzip';
import { deflated, stored, zip } from './zip';

/** Options of functions that read several arrays. */
export interface ReadSomeOptions extends ReadOptions {
  /** Names of the arrays to read. Default: all. */
  names?: readonly string[];
}

/** Options of {@link saveNpz}. */
export interface NpzOptions {
  /** Whether to compress, as `numpy.savez_compressed` does. Default: false. */
  compressed?: boolean;
}

/** Arrays by name: tensors, or plain numbers, which become float64. */
export type Arrays = Readonly<Record<string, Tensor | NumberList>>;

/**
 * Reads the arrays of an npz file, by name (`numpy.load`): compressed or not, beyond 4 GB as well. Checksums are
 * verified; an array is decompressed no further than its shape requires.
 *
 * @param file its path, relative to the notebook's folder, or its address, https://…
 * @example
 * await io.saveNpz('run.npz', { loss: [0.5, 0.25], x: arange(2) });
 * await io.loadNpz('run.npz') // { loss: tensor([0.5000, 0.2500], dtype=float64), x: tensor([0, 1]) }
 * @throws {FormatError} if it is damaged or truncated, has a duplicate name, a path that leaves the archive, or a file
 * that is not an array; {@link DtypeError} as {@link loadNpy}; {@link ValueError} for an unknown name in `names`;
 * {@link GradlabError} if the file does not exist.
 */
export async function loadNpz(file: string, options: ReadSomeOptions = {}): Promise<Record<string, Tensor>> {
  requireReadOptions('loadNpz', options);
  return reading('loadNpz', file, (opened) => readNpz(`loadNpz: ${file}`, opened, options));
}

/**
 * Returns the tensors in the bytes of an npz file; see {@link loadNpz}.
 * @example
 * await io.decodeNpz(await io.encodeNpz({ x: tensor([1]) })) // { x: tensor([1.]) }
 * @throws {FormatError} if they are damaged; {@link DtypeError} for elements without a matching dtype.
 */
export async function decodeNpz(bytes: Uint8Array, options: ReadSomeOptions = {}): Promise<Record<string, Tensor>> {
  requireReadOptions('decodeNpz', options);
  requireBytes('decodeNpz', bytes);
  return readNpz('decodeNpz', inMemory(bytes), options);
}

/**
 * Writes arrays by name into one file (`numpy.savez`), byte for byte as NumPy does; with `compressed`, as
 * `numpy.savez_compressed` does; beyond 4 GB as well. Lists of numbers, such as a training's history, are written as
 * float64. The file is written atomically.
 *
 * @param file its path, relative to the notebook's folder
 * @example
 * await io.saveNpz('run.npz', { loss: [0.5, 0.25] });
 * // In Python: numpy.load('run.npz')['loss']
 * @throws {ValueError} if a name is a path that leaves the archive, or a value is not an array; {@link GradlabError} if
 * the file cannot be written.
 */
export async function saveNpz(file: string, arrays: Arrays, options: NpzOptions = {}): Promise<void> {
  await archived('saveNpz', arrays, options, (pieces) => write('saveNpz', file, pieces));
}

/**
 * Returns the bytes that {@link saveNpz} writes.
 * @example
 * const bytes = await io.encodeNpz({ x: zeros([1000]) }, { compressed: true });
 * bytes.length < 400 // true
 * @throws {ValueError} as {@link saveNpz}.
 */
export async function encodeNpz(arrays: Arrays, options: NpzOptions = {}): Promise<Uint8Array> {
  return archived('encodeNpz', arrays, options, joined);
}

async function archived<T>(
  op: string,
  arrays: Arrays,
  options: NpzOptions,
  use: (pieces: Uint8Array[]) => T | Promise<T>,
): Promise<T> {
  const { compressed = false } = options;
  requireBooleans(op, { compressed });
  const files = Object.entries(tensorsOf(op, arrays)).map(([name, x]) => {
    const fault = faultOf(`${name}.npy`);
    if (fault !== undefined) throw new ValueError(`${op}: the name ${describe(name)} ${fault}`);
    return [`${name}.npy`, npyPieces(x)] as const;
  });
  // Synchronous without compression: during an `await` tensors may change, and their bytes are not copied.
  return use(zip(compressed ? await Promise.all(files.map(deflated)) : files.map(stored)));
}

/** Returns tensors by name. @throws {ValueError} unless they are tensors or lists of numbers by name. @internal */
export function tensorsOf(op: string, arrays: Arrays): Record<string, Tensor> {
  if (typeof arrays !== 'object' || arrays === null || Array.isArray(arrays) || isTensorLike(arrays))
    throw new ValueError(`${op}: needs arrays by name, such as { x, y }, got ${describe(arrays)}`);
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, tensorOfList(op, name, values)]));
}

function tensorOfList(op: string, name: string, values: Tensor | NumberList): Tensor {
  if (values instanceof Tensor) return values;
  const isList = Array.isArray(values) && [...values].every((value) => typeof value === 'number');
  if (isList) return tensor(values, { dtype: 'float64' });
  if (ArrayBuffer.isView(values) && !(values instanceof DataView)) return tensor(values as Float32Array);
  throw new ValueError(`${op}: ${name} must be a tensor or a list of numbers, got ${describe(values)}`);
}

async function readNpz(where: string, file: OpenFile, options: ReadSomeOptions): Promise<Record<string, Tensor>> {
  const entries = readDirectory(where, file).map((entry) => {
    if (!entry.name.endsWith('.npy'))
      throw new FormatError(`${where}: it has the file ${describe(entry.name)}, which is not a NumPy array (.npy)`);
    return [entry.name.slice(0, -4), entry] as const;
  });
  const chosen = some(where, new Map(entries), options.names);
  const read: [string, Tensor][] = [];
  for (const [name, entry] of chosen) read.push([name, await readEntry(`${where}: ${name}`, file, entry, options)]);
  return Object.fromEntries(read);
}

/** Returns the entries with these names. @throws {ValueError} for an unknown name. @internal */
export function some<T>(where: string, all: ReadonlyMap<string, T>, names: readonly string[] = [...all.keys()]) {
  if (!Array.isArray(names)) throw new ValueError(`${where}: names must be a list, got ${describe(names)}`);
  return names.map((name): [string, T] => {
    const found = all.get(name);
    if (found === undefined)
      throw new ValueError(`${where}: it has no ${describe(name)}; it has ${[...all.keys()].map(describe).join(', ')}`);
    return [name, found];
  });
}

async function readEntry(where: string, file: OpenFile, entry: Entry, options: ReadOptions): Promise<Tensor> {
  const packed = part(where, file, entry.from, entry.to, 'its numbers');
  if (!entry.isDeflated) {
    requireCrc(where, entry, crc32(packed));
    return readNpy(where, inMemory(packed), options);
  }
  const { header, bytes } = await inflated(where, packed, entry);
  requireCrc(where, entry, crc32(bytes));
  return tensorOf(where, header, bytes.subarray(header.start), options);
}

function requireCrc(where: string, { crc }: Entry, found: number): void {
  if (found !== crc)
    throw new FormatError(`${where}: its checksum is ${hex(found)}, and should be ${hex(crc)}; the file is damaged`);
}

const hex = (value: number) => value.toString(16).padStart(8, '0');

/**
 * Decompresses an array, whose size its own header and the archive's directory state. Memory is allocated only if both
 * agree.
 */
async function inflated(
  where: string,
  packed: Uint8Array,
  { size }: Entry,
): Promise<{ header: NpyHeader; bytes: Uint8Array }> {
  let header: NpyHeader | undefined;
  let bytes: Uint8Array = new Uint8Array(0);
  let length = 0;
  const take = (piece: Uint8Array) => {
    if (header === undefined) {
      bytes = joined([bytes.subarray(0, length), piece]);
      length = bytes.length;
      if (length < npyPrefix) return;
      const end = headerEnd(where, bytes);
      if (length < end) return;
      header = parseHeader(where, bytes.subarray(0, end));
      requireSize(where, header, size);
      const whole = new Uint8Array(size);
      if (length <= size) whole.set(bytes);
      bytes = whole;
    } else if (length + piece.length <= size) {
      bytes.set(piece, length);
      length += piece.length;
    } else length += piece.length;
    if (length > size)
      throw new FormatError(`${where}: it unpacks to more than its ${size} bytes; the file is damaged`);
  };
  for await (const piece of unpacked(where, packed)) take(piece);
  if (header === undefined || length < size)
    throw new FormatError(`${where}: it unpacks to ${length} of its ${size} bytes; the file is damaged`);
  return { header, bytes };
}

async function* unpacked(where: string, packed: Uint8Array): AsyncGenerator<Uint8Array, void> {
  try {
    yield* inflateRaw(packed);
  } catch (cause) {
    throw new FormatError(`${where}: it cannot be unpacked: ${reasonOf(cause)}; the file is damaged`, { cause });
  }
}
