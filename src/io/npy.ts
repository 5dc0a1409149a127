import { joined } from '../bytes';
import { requireOptions } from '../data/checks';
import { FormatError } from '../errors';
import { requireOneOf, requireTensor } from '../ops/table/arguments';
import { refuseSurplus } from '../surplus';
import { layoutOf } from '../tensor/layout';
import { packed, Tensor } from '../tensor/tensor';
import { decode, encode } from './elements';
import { headerEnd, type NpyHeader, npyPrefix, parseHeader, writeHeader } from './npy-header';
import { inMemory, type OpenFile, part, reading, requireBytes, write } from './source';

/** Options of what reads arrays. */
export interface ReadOptions {
  /** `'float64'` takes whole numbers beyond 2³¹ - 1, up to 2⁵³, which are an error otherwise. Default: see {@link loadNpy}. */
  dtype?: 'float64';
}

/** @throws {ValueError} unless the options are those. @internal */
export function requireReadOptions(op: string, options: ReadOptions, more: readonly string[] = []): void {
  requireOptions(op, options, ['dtype', ...more]);
  requireOneOf(op, { dtype: options.dtype }, ['float64', undefined]);
}

/**
 * Reads a file of NumPy's with one array (`numpy.load`): versions 1.0, 2.0 and 3.0, rows or columns first, either order of
 * bytes. float32, float64, int32, uint8 and bool stay what they are; float16 becomes float32; all other whole numbers become
 * int32, if they are within it. The tensor is contiguous.
 *
 * @param file its path, from the notebook's folder on, or its address, https://…
 * @example
 * await io.saveNpy('x.npy', tensor([[1, 2], [3, 4]]));
 * await io.loadNpy('x.npy') // tensor([[1., 2.], [3., 4.]])
 * @throws {FormatError} if it is damaged, cut short, goes on behind the array, or is another kind of file; {@link DtypeError} for
 *   complex numbers, texts, dates, objects (nothing is unpickled) and structures, saying what to do in Python, and for whole
 *   numbers that int32 has not; {@link GradlabError} if there is no such file.
 */
export async function loadNpy(file: string, options: ReadOptions = {}): Promise<Tensor> {
  if (arguments.length > 2) refuseSurplus('loadNpy', arguments, 2);
  requireReadOptions('loadNpy', options);
  return reading('loadNpy', file, (opened) => readNpy(`loadNpy: ${file}`, opened, options));
}

/**
 * The tensor in the bytes of an npy file; see {@link loadNpy}.
 * @example
 * io.decodeNpy(io.encodeNpy(tensor([true, false]))) // tensor([True, False])
 * @throws {FormatError} if they are damaged; {@link DtypeError} for elements that no dtype stands for.
 */
export function decodeNpy(bytes: Uint8Array, options: ReadOptions = {}): Tensor {
  if (arguments.length > 2) refuseSurplus('decodeNpy', arguments, 2);
  requireReadOptions('decodeNpy', options);
  requireBytes('decodeNpy', bytes);
  return readNpy('decodeNpy', inMemory(bytes), options);
}

/**
 * Writes a tensor as a file of NumPy's (`numpy.save`), byte for byte as NumPy does for a contiguous array: float32, float64, int32,
 * uint8 and bool; views in the order in which they are read. Without its gradient. The file appears whole or not at all; what stood
 * there before stays if it cannot be written.
 *
 * @param file its path, from the notebook's folder on
 * @example
 * await io.saveNpy('x.npy', arange(3));
 * // In Python: numpy.load('x.npy')
 * @throws {ValueError} unless it is a tensor; {@link GradlabError} if the file cannot be written.
 */
export async function saveNpy(file: string, x: Tensor): Promise<void> {
  if (arguments.length > 2) refuseSurplus('saveNpy', arguments, 2);
  requireTensor('saveNpy', x, 'the second argument');
  await write('saveNpy', file, npyPieces(x));
}

/**
 * The bytes that {@link saveNpy} writes.
 * @example
 * io.encodeNpy(zeros([2])).length // 136
 * @throws {ValueError} unless it is a tensor.
 */
export function encodeNpy(x: Tensor): Uint8Array {
  if (arguments.length > 1) refuseSurplus('encodeNpy', arguments, 1);
  requireTensor('encodeNpy', x);
  return joined(npyPieces(x));
}

/** @internal */
export const npyPieces = (x: Tensor): Uint8Array[] => [writeHeader(x.dtype, x.shape), encode(x)];

/** The header of an npy file whose elements fill the rest. @internal */
export function npyHeaderOf(where: string, file: OpenFile): NpyHeader {
  const end = headerEnd(where, part(where, file, 0, npyPrefix, 'its first bytes'));
  const header = parseHeader(where, part(where, file, 0, end, 'its header'));
  requireSize(where, header, file.size);
  return header;
}

/** @throws {FormatError} unless a file of so many bytes has all elements and nothing else. @internal */
export function requireSize(where: string, { start, count, kind, shape }: NpyHeader, size: number): void {
  const promised = start + count * kind.bytes;
  if (promised === size) return;
  const what = `${kind.name} of shape [${shape.join(', ')}]`;
  throw new FormatError(
    promised > size
      ? `${where}: its header promises ${what}, ${promised} bytes in all, and there are ${size}; it has been cut short or is damaged`
      : `${where}: ${what} end after ${promised} bytes, and it has ${size}; save several arrays with numpy.savez`,
  );
}

/** @internal */
export function readNpy(where: string, file: OpenFile, options: ReadOptions): Tensor {
  const header = npyHeaderOf(where, file);
  return tensorOf(where, header, part(where, file, header.start, file.size, 'its numbers'), options);
}

/** @param bytes of the elements alone @internal */
export function tensorOf(where: string, header: NpyHeader, bytes: Uint8Array, { dtype }: ReadOptions): Tensor {
  if (!header.isFortran) return decode(where, header, bytes, dtype);
  return columnsFirst(decode(where, { ...header, shape: [...header.shape].reverse() }, bytes, dtype));
}

/** The tensor whose dimensions are those of `x` in reverse, contiguous. */
const columnsFirst = (x: Tensor): Tensor =>
  packed(new Tensor(x.memory, layoutOf([...x.shape].reverse(), [...x.stride].reverse()), x.offset, x.dtype));
